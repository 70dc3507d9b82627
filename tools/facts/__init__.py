"""Builds the facts table of `blueprints.sandbox.facts` from published schemas. See docs/facts.md."""
