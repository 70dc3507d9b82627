"""Text templates of the bundle: `@{name}` is replaced; `$` stays what it is to nginx, shells and compose."""

from __future__ import annotations

import re
import string
from importlib.resources import files


class _AtTemplate(string.Template):
    delimiter = "@"
    # Braces are required: a lone @ (in an address, a digest) is text.
    pattern = r"""
        @(?:
            (?P<escaped>(?!)) |
            (?P<named>(?!)) |
            \{(?P<braced>[a-z_]+)\} |
            (?P<invalid>(?!))
        )
    """  # pyright: ignore[reportAssignmentType] - typeshed types the compiled form only


def render(path: str, /, **values: object) -> str:
    """A template of this package, filled. A name that the template has and the caller lacks is a `KeyError`."""
    return _AtTemplate(read(path)).substitute({name: str(value) for name, value in values.items()})


def read(path: str) -> str:
    """A file under templates/ as it is."""
    return files("blueprints.server").joinpath("templates", path).read_text(encoding="utf-8")


def indent(text: str, spaces: int) -> str:
    """The lines of a block moved to the right; empty lines stay empty."""
    return re.sub(r"(?m)^(?=.)", " " * spaces, text)
