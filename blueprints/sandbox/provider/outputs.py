"""The outputs of a resource, in a preview and after it exists."""

from __future__ import annotations

from typing import Any

from blueprints.sandbox.catalog import Type
from blueprints.sandbox.provider.completion import Completion, unknown
from blueprints.sandbox.provider.simulation import Simulation
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import INTERNAL, UNKNOWN, Path, has_unknown, is_list, is_map, leaves

_SHORTEST_SECRET = 4
"""Texts shorter than this are too common to say that an output was made from a secret one."""


def planned(simulation: Simulation, subject: Subject) -> dict[str, Any]:
    """What a preview can say of a resource that is about to be created: nothing that only AWS knows."""
    known = simulation.known_in_preview(subject)
    return _complete(simulation, subject, known, unknown)


def created(simulation: Simulation, subject: Subject) -> dict[str, Any]:
    """The outputs of a resource that exists under `subject.id`."""
    computed = {key: value for key, value in simulation.computed(subject).items() if value is not None}

    def fill(path: str, declared: Type) -> Any:
        return simulation.fill(subject, path, declared)

    return _complete(simulation, subject, computed, fill)


def _complete(simulation: Simulation, subject: Subject, computed: dict[str, Any], fill: Any) -> dict[str, Any]:
    declared, package = subject.knowledge.declared, simulation.session.catalog
    if declared is None or package is None:
        return {**_public(subject.inputs), **computed}
    nested = simulation.nested(subject)
    return Completion(package, declared, fill, nested).outputs(_public(subject.inputs), computed)


def _public(inputs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if not key.startswith(INTERNAL)}


def updated(simulation: Simulation, subject: Subject) -> dict[str, Any]:
    """The outputs after a change in place: what follows from the inputs anew, everything else as it was.

    In a preview, whatever would come out differently or depends on something unknown is unknown.
    """
    before = Subject(
        subject.urn,
        subject.type,
        subject.name,
        subject.knowledge,
        subject.olds,
        subject.generation,
        outputs=subject.outputs,
        id=subject.id,
    )
    old, new = created(simulation, before), created(simulation, subject)
    changed = {name for name in {*subject.olds, *subject.inputs} if subject.olds.get(name) != subject.inputs.get(name)}
    volatile = set(simulation.volatile(subject, changed))
    declared = subject.knowledge.declared
    result: dict[str, Any] = {}
    for name, value in new.items():
        given = subject.inputs.get(name)
        if given is not None and name not in volatile:
            result[name] = _carried(value, subject.outputs.get(name), given)
        elif name in volatile or has_unknown(value) or (value != old.get(name) and name not in subject.inputs):
            kind = declared.outputs.get(name) if declared else None
            result[name] = (unknown(name, kind.type) if kind else UNKNOWN) if subject.preview else value
        else:
            result[name] = subject.outputs.get(name, value)
    return result


def _carried(new: Any, old: Any, given: Any) -> Any:
    """A set value with the service's own additions inside it as they were before."""
    if is_map(new) and is_map(old) and is_map(given):
        return {
            key: _carried(v, old.get(key), given[key]) if key in given else old.get(key, v) for key, v in new.items()
        }
    if is_list(new) and is_list(old) and is_list(given) and len(new) == len(old) == len(given):
        return [_carried(*items) for items in zip(new, old, given, strict=True)]
    return new


def secret_paths(subject: Subject, outputs: dict[str, Any], input_paths: list[Path]) -> list[Path]:
    """The secret paths in the outputs: those the SDK marks, those set from secrets, those made from secrets."""
    declared = subject.knowledge.declared
    paths: list[Path] = [(name,) for name in (declared.secret_outputs if declared else ()) if name in outputs]
    paths += [path for path in input_paths if path and path[0] in outputs]
    texts = {text for path in input_paths for text in secret_texts(at(subject.inputs, path))}
    if texts:
        marked = set(paths)
        for path, value in leaves(outputs):
            if isinstance(value, str) and path not in marked and any(text in value for text in texts):
                paths.append(path)
    return paths


def secret_texts(value: Any) -> set[str]:
    """Texts inside a secret value that are long enough to be recognised elsewhere."""
    return {leaf for _, leaf in leaves(value) if isinstance(leaf, str) and len(leaf) >= _SHORTEST_SECRET}


def at(value: Any, path: Path) -> Any:
    """What stands at a path; None where it leads nowhere."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
