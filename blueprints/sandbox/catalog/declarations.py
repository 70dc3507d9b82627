"""Reads the declarations of a generated SDK file into the model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from .annotation import Resolve, is_optional, read_annotation
from .model import EnumType, FunctionType, ObjectType, Property, ResourceType
from .source import Source

_SECRET_INPUT = re.compile(r'__dict__\["(\w+)"\] = None if \w+ is None else pulumi\.Output\.secret')
_JSON_INPUT = re.compile(r'__dict__\["(\w+)"\] = pulumi\.Output\.from_input\(\w+\)\.apply\(pulumi\.runtime\.to_json\)')
_CONSTANT_INPUT = re.compile(r"""__dict__\["(\w+)"\] = '([^']*)'""")
_REQUIRED_INPUT = re.compile(r"if (\w+) is None and not opts\.urn:")
_SECRET_OUTPUTS = re.compile(r"additional_secret_outputs=\[([^\]]*)\]")
_REPLACE_ON_CHANGES = re.compile(r"replace_on_changes=\[([^\]]*)\]")
_ALIAS = re.compile(r"""Alias\(type_=["']([^"']+)["']""")
_ARGUMENT = re.compile(r"__args__\['(\w+)'\] = (\w+)")
_QUOTED = re.compile(r"""["']([^"']+)["']""")


def read_object(source: Source, name: str, key: str, resolve: Resolve) -> ObjectType | None:
    """A nested input or output object."""
    node = source.parse(name)
    if not isinstance(node, ast.ClassDef):
        return None
    return ObjectType(key, {prop.name: prop for prop in _properties(node, resolve).values()})


def read_enum(source: Source, name: str, key: str) -> EnumType | None:
    """An enumeration with the values that go over the wire."""
    node = source.parse(name)
    if not isinstance(node, ast.ClassDef) or not any("Enum" in ast.unparse(base) for base in node.bases):
        return None
    values = [
        statement.value.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    ]
    return EnumType(key, tuple(value for value in values if isinstance(value, (str, int, float))))


def read_resource(source: Source, token: str, resolve: Resolve) -> ResourceType | None:
    """The resource, component or provider that registers `token` in this file."""
    for name, text in _resource_texts(source, token):
        node = source.parse(name)
        if not isinstance(node, ast.ClassDef):
            continue
        init = next((part for part in node.body if _is_function(part, "_internal_init")), None)
        body = ast.get_source_segment(text, init) if init is not None else text
        body = body or text
        inputs = _inputs(source, name, body, resolve)
        always = {
            part.name for part in node.body if isinstance(part, ast.FunctionDef) and not is_optional(part.returns)
        }
        properties = _properties(node, resolve)
        outputs = {prop.name: replace(prop, required=name in always) for name, prop in properties.items()}
        return ResourceType(
            token=token,
            inputs=inputs,
            outputs=outputs,
            secret_outputs=frozenset(_list(_SECRET_OUTPUTS, body)),
            aliases=tuple(_ALIAS.findall(body)),
            replace_on_changes=tuple(_list(_REPLACE_ON_CHANGES, body)),
            deprecated=_class_deprecation(node),
            component=any("ComponentResource" in ast.unparse(base) for base in node.bases),
            remote="remote=True" in body,
        )
    return None


def read_function(source: Source, token: str, resolve: Resolve) -> FunctionType | None:
    """The function that invokes `token` in this file."""
    for name in source.names:
        if name.endswith("_output"):
            continue
        node = source.parse(name)
        if not isinstance(node, ast.FunctionDef):
            continue
        call = ast.unparse(node)
        if f"invoke('{token}'" not in call:
            continue
        wire = {python: name for name, python in _ARGUMENT.findall(call)}
        required = _required_arguments(source, name)
        arguments = {
            wire[argument.arg]: Property(
                wire[argument.arg], read_annotation(argument.annotation, resolve), required=argument.arg in required
            )
            for argument, _ in _parameters(node)
            if argument.arg in wire
        }
        result = re.search(r"typ=(\w+)\)", call)
        declared = source.parse(result.group(1)) if result else None
        properties = _properties(declared, resolve).values() if isinstance(declared, ast.ClassDef) else ()
        return FunctionType(token, arguments, {prop.name: prop for prop in properties}, _class_deprecation(node))
    return None


def _required_arguments(source: Source, name: str) -> set[str]:
    """Arguments that a function cannot do without.

    Every argument has the default None. Only the twin `<name>_output` tells: its optional arguments are `Optional`
    twice.
    """
    twin = source.parse(f"{name}_output")
    if not isinstance(twin, ast.FunctionDef):
        return set()
    return {
        argument.arg
        for argument, _ in _parameters(twin)
        if argument.annotation is not None and ast.unparse(argument.annotation).count("Optional[") < 2
    }


def _resource_texts(source: Source, token: str) -> Iterator[tuple[str, str]]:
    """Classes whose text registers the token, with the text that their syntax tree refers to."""
    for name in source.names:
        text = source.slice(name)
        if f"'{_registered(token)}'," in text and "__init__(" in text:
            yield name, text


def _registered(token: str) -> str:
    return token.removeprefix("pulumi:providers:")


def _inputs(source: Source, name: str, body: str, resolve: Resolve) -> dict[str, Property]:
    arguments = next(
        (source.parse(option) for option in (f"{name}Args", f"{name}InitArgs") if option in source.names), None
    )
    if not isinstance(arguments, ast.ClassDef):
        return {}
    declared = _properties(arguments, resolve)
    required = set(_REQUIRED_INPUT.findall(body))
    secret = set(_SECRET_INPUT.findall(body))
    encoded = set(_JSON_INPUT.findall(body))
    constant = dict(_CONSTANT_INPUT.findall(body))
    return {
        prop.name: replace(
            prop,
            required=python in required,
            secret=python in secret,
            json=python in encoded,
            constant=constant.get(python),
        )
        for python, prop in declared.items()
    }


def _properties(node: ast.ClassDef, resolve: Resolve) -> dict[str, Property]:
    """Getter properties of a class by Python name."""
    required = _required_parameters(node)
    found: dict[str, Property] = {}
    for method in node.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        wire = _wire_name(method)
        if wire is None:
            continue
        found[method.name] = Property(
            name=wire,
            type=read_annotation(method.returns, resolve),
            required=method.name in required,
            description=(ast.get_docstring(method) or "").strip(),
            deprecated=_deprecation(method),
        )
    return found


def _required_parameters(node: ast.ClassDef) -> set[str]:
    init = next((part for part in node.body if _is_function(part, "__init__")), None)
    if not isinstance(init, ast.FunctionDef):
        return set()
    return {
        argument.arg
        for argument, has_default in _parameters(init)
        if not has_default and not is_optional(argument.annotation)
    }


def _parameters(node: ast.FunctionDef) -> Iterator[tuple[ast.arg, bool]]:
    """Parameters and whether each has a default."""
    positional = [*node.args.posonlyargs, *node.args.args]
    first_default = len(positional) - len(node.args.defaults)
    for index, argument in enumerate(positional):
        yield argument, index >= first_default
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        yield argument, default is not None


def _wire_name(method: ast.FunctionDef) -> str | None:
    for decorator in method.decorator_list:
        if ast.unparse(decorator) == "pulumi.getter":
            return method.name
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pulumi.getter":
            for option in decorator.keywords:
                if option.arg == "name" and isinstance(option.value, ast.Constant):
                    return str(option.value.value)
            return method.name
    return None


def _deprecation(method: ast.FunctionDef) -> str:
    for decorator in method.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(".deprecated"):
            text = decorator.args[0]
            return str(text.value).strip() if isinstance(text, ast.Constant) else "deprecated"
    return ""


def _class_deprecation(node: ast.ClassDef | ast.FunctionDef) -> str:
    """The text that the SDK warns with when a program uses a resource or function at all."""
    for statement in node.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            call = statement.value
            if ast.unparse(call.func) in ("warnings.warn", "pulumi.log.warn") and call.args:
                text = call.args[0]
                return str(text.value).strip() if isinstance(text, ast.Constant) else "deprecated"
    return ""


def _is_function(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == name


def _list(pattern: re.Pattern[str], text: str) -> list[str]:
    match = pattern.search(text)
    return _QUOTED.findall(match.group(1)) if match else []
