"""The resources of a stack as a tree a person can read: grouped by component, names without their parents'."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from blueprints.cli.terminal import paint
from blueprints.sandbox.state import STACK_TYPE, Resource, StackState

_MANY = 10


def lines(state: StackState) -> Iterator[str]:
    """One line for each resource, components first told by how many resources they hold."""
    children: dict[str, list[Resource]] = defaultdict(list)
    known = {resource.urn for resource in state.shown}
    for resource in state.shown:
        children[resource.parent if resource.parent in known else ""].append(resource)
    yield from _branch(children, "", "", "")


def count(state: StackState) -> int:
    """How many resources exist: components hold resources and are none themselves."""
    return sum(resource.custom for resource in state.shown)


def short_type(token: str) -> str:
    """A type as people say it: `aws:ec2/instance:Instance` is `aws.ec2.Instance`."""
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    module = module.partition("/")[0]
    return ".".join(part for part in (package, "" if module == "index" else module, name) if part)


def _branch(children: dict[str, list[Resource]], parent: str, name: str, indent: str) -> Iterator[str]:
    rows = sorted(children.get(parent, []), key=lambda item: (item.custom, item.type == STACK_TYPE, item.name))
    names = [_own_name(row.name, name) for row in rows]
    width = max((len(shown) for shown, row in zip(names, rows, strict=True) if row.custom), default=0)
    many = Counter(row.type for row in rows if row.custom and row.urn not in children)
    seen: Counter[str] = Counter()
    for index, (row, shown) in enumerate(zip(rows, names, strict=True)):
        last = index == len(rows) - 1
        if many[row.type] > _MANY:
            # Fifty files say less than that there are fifty; the state document lists them all.
            seen[row.type] += 1
            if seen[row.type] == many[row.type]:
                twig = "└─ " if last else "├─ "
                yield f"{indent}{twig}{many[row.type]} x {paint(short_type(row.type), 'dim')}{_marks(row)}"
            continue
        twig = "" if parent == "" and name == "" else ("└─ " if last else "├─ ")
        kind = paint(short_type(row.type), "dim")
        if not row.custom:
            held = paint(f"({_size(children, row.urn)})", "dim")
            yield f"{indent}{twig}{paint(shown, 'bold')}  {kind} {held}"
        else:
            yield f"{indent}{twig}{shown:<{width}}  {kind}{_marks(row)}"
        deeper = indent + ("" if twig == "" else ("   " if last else "│  "))
        yield from _branch(children, row.urn, row.name, deeper)


def _own_name(name: str, parent: str) -> str:
    return name.removeprefix(f"{parent}-") if parent else name


def _size(children: dict[str, list[Resource]], urn: str) -> int:
    return sum(1 if child.custom else 0 for child in children.get(urn, ())) + sum(
        _size(children, child.urn) for child in children.get(urn, ())
    )


def _marks(resource: Resource) -> str:
    marks = [
        word for word, holds in (("protected", resource.protected), ("kept on destroy", resource.retained)) if holds
    ]
    return f"  {paint(', '.join(marks), 'yellow')}" if marks else ""
