"""Finds, downloads or compiles the Pulumi engine that the sandbox runs.

    from blueprints.sandbox.engine.bootstrap import ensure_engine

The submodules are imported by name: `doctor` needs the looking and none of the making.
"""
