"""`python -m blueprints.sandbox.provider <package>`: serves one simulated package to the engine that started it."""

from __future__ import annotations

import sys

from blueprints.sandbox.provider.guard import RefusedError, admit


def main(arguments: list[str]) -> int:
    """Serves until the engine ends; 1 when refused, 2 for a package that is not simulated."""
    from blueprints.sandbox.provider import supported_packages

    # The engine may add its own address after the package; it also arrives in the handshake.
    package = arguments[0] if arguments else ""
    if package not in supported_packages():
        known = ", ".join(supported_packages())
        sys.stderr.write(f"blueprints sandbox: the package `{package}` is not simulated (simulated: {known})\n")
        return 2
    try:
        run = admit()
    except RefusedError as refused:
        sys.stderr.write(f"blueprints sandbox: pulumi-resource-{package} {refused}\n")
        return 1
    from blueprints.sandbox.provider.server import serve

    serve(package, run)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
