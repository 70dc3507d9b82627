"""Base of every blueprint and part: a component that reads validate -> build -> publish.

class Volume(Blueprint):
    ROLES = {"volume": "aws:ebs/volume:Volume"}
    STORES = {"volume"}
    volume_id: pulumi.Output[str]

    def __init__(self, name: str, args: VolumeSettings, opts: pulumi.ResourceOptions | None = None) -> None:
        settings = VolumeSettings.load(args)
        super().__init__(name, settings, opts)
        self.volume = self.create(aws.ebs.Volume, "volume", {"size": gigabytes(settings.size)})
        self.publish(volume_id=self.volume.id)
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, ClassVar, TypeVar

import pulumi

from blueprints import naming, policies
from blueprints.common import BlueprintSettings
from blueprints.environments import Profile
from blueprints.errors import Problem, SettingsError
from blueprints.overrides import merged, misspelt

R = TypeVar("R", bound=pulumi.CustomResource)
P = TypeVar("P", bound="Blueprint")


class Blueprint(pulumi.ComponentResource):
    """A component with named children, checked before the first of them exists."""

    SETTINGS: ClassVar[type[BlueprintSettings]] = BlueprintSettings
    """The settings class that `args` is loaded as."""
    ROLES: ClassVar[Mapping[str, str]] = {}
    """Every child that this class itself may create: role -> type token. The child's logical name is `name-role`.
    A role that ends in `*` stands for several children: `subnet-*`."""
    STORES: ClassVar[frozenset[str] | set[str]] = frozenset()
    """Roles of children that hold data, or keys that something outliving the stack is encrypted with."""
    RULES: ClassVar[frozenset[str] | set[str]] = frozenset()
    """Ids of rules that the class's own settings check and a waiver may give up, beside those of `policies`."""
    PARTS: ClassVar[Mapping[str, type[Blueprint]]] = {}
    """Every part that this class may contain: role -> class."""

    def __init__(self, name: str, settings: BlueprintSettings, opts: pulumi.ResourceOptions | None = None) -> None:
        # A part's name begins with its blueprint's, which was judged with all roles before the part was reached.
        inner = opts is not None and isinstance(opts.parent, Blueprint)
        problems = [] if inner else naming.misnamed(name, self.roles().items())
        problems += self.hatch_problems(settings)
        if problems:
            raise SettingsError(problems, subject=f"{type(self).__name__} {name!r}")
        shown = settings.shown()
        super().__init__(f"blueprints:index:{type(self).__name__}", name, shown, opts)
        for prop in shown:
            # The SDK turns every input into an attribute of the same name, which would hide methods such as `tags`.
            self.__dict__.pop(prop, None)
        self.name = name
        self.settings: BlueprintSettings = settings
        # What Pulumi does not do by itself: a component's `depends_on` orders the component alone, not its children.
        self._after = pulumi.ResourceOptions(depends_on=opts.depends_on if opts is not None else None)

    @property
    def profile(self) -> Profile:
        """What the environment asks for."""
        return self.settings.profile

    # ---- what a subclass uses to build -----------------------------------------------------------------------------

    def create(
        self, kind: type[R], role: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> R:
        """A child resource: named, parented, tagged, overridden by the user's `overrides` and checked.

        A store is protected unless its role stands in `unprotect`, and kept when it is removed from the program unless
        the environment is disposable; `opts` may say otherwise.
        """
        token = self.ROLES[matching(role, self.ROLES)]
        logical = f"{self.name}-{role}"
        given = {name: value for name, value in inputs.items() if value is not None}
        if takes_tags(kind):
            given["tags"] = {**self.tags(logical), **given.get("tags", {})}
        given = merged(given, self.settings.overrides.get(role, {}))
        if not any(name in given for name in ("name", "bucket", "name_prefix", "identifier")):
            given = {**naming.physical(token, logical), **given}
        self._refuse_weakened(role, token, given)
        options = pulumi.ResourceOptions.merge(self.child(), self._store_options(role))
        # A kind's constructor is overloaded per input, so its type cannot be written for all kinds at once.
        construct: Any = kind
        return construct(logical, **given, opts=pulumi.ResourceOptions.merge(options, opts))

    def child(self, opts: pulumi.ResourceOptions | None = None) -> pulumi.ResourceOptions:
        """Options for a child: parented here, after what this blueprint comes after, the caller's own merged on top."""
        own = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(parent=self), self._after)
        return pulumi.ResourceOptions.merge(own, opts)

    def part(self, kind: type[P], role: str, args: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> P:
        """A part of this blueprint under its role: named, parented and handed the common settings beside `args`."""
        given = {name: value for name, value in args.items() if value is not None}
        # Every part takes the name, its settings and options; only its own class knows the type of the settings.
        construct: Any = kind
        return construct(f"{self.name}-{role}", {**self.handed(role), **given}, self.child(opts))

    def handed(self, part: str) -> dict[str, Any]:
        """The common settings as a part takes them: the same environment, tags and waivers, its own overrides."""
        settings = self.settings
        known = self.PARTS[part].known_rules()
        return {
            "environment": settings.environment,
            "tags": settings.tags,
            "waivers": [waiver for waiver in settings.waivers if waiver.rule in known],
            "overrides": {
                role.removeprefix(f"{part}-"): inputs
                for role, inputs in settings.overrides.items()
                if role.startswith(f"{part}-")
            },
            "unprotect": [role.removeprefix(f"{part}-") for role in settings.unprotect if role.startswith(f"{part}-")],
        }

    def tags(self, name: str) -> dict[str, str]:
        """Tags of one child: its name, its environment, then the user's, who wins."""
        return {"Name": name, "environment": self.settings.environment, **self.settings.tags}

    def waived(self, rule: str) -> bool:
        """Whether the user gave this rule up."""
        return any(waiver.rule == rule for waiver in self.settings.waivers)

    def publish(self, **outputs: pulumi.Input[Any]) -> None:
        """Sets the outputs as attributes and registers them. The last statement of every constructor."""
        for name, value in outputs.items():
            setattr(self, name, pulumi.Output.from_input(value))
        self.register_outputs(outputs)

    # ---- what the class knows about its children -------------------------------------------------------------------

    @classmethod
    def roles(cls) -> dict[str, str]:
        """Every child of this class and of its parts: role as an override names it -> type token."""
        found = dict(cls.ROLES)
        for part, kind in cls.PARTS.items():
            found |= {f"{part}-{role}": token for role, token in kind.roles().items()}
        return found

    @classmethod
    def stores(cls) -> frozenset[str]:
        """Roles of all stores, those of parts included."""
        inner = {f"{part}-{role}" for part, kind in cls.PARTS.items() for role in kind.stores()}
        return frozenset(cls.STORES) | inner

    @classmethod
    def advice(cls, settings: BlueprintSettings) -> Iterator[str]:  # noqa: ARG003  # a blueprint that has some overrides it
        """What a person should hear about these settings although nothing is wrong with them; a sentence each."""
        yield from ()

    @classmethod
    def known_rules(cls) -> frozenset[str]:
        """Ids of every rule that may be waived: those of `policies` and those that settings classes check."""
        return frozenset(policies.all_rules()) | frozenset(cls.RULES)

    @classmethod
    def hatch_problems(cls, settings: BlueprintSettings) -> Iterator[Problem]:
        """Problems with `overrides`, `waivers` and `unprotect`, which only the class can judge."""
        roles = cls.roles()
        waived = {waiver.rule for waiver in settings.waivers}
        for index, waiver in enumerate(settings.waivers):
            if waiver.rule not in cls.known_rules():
                yield Problem(
                    f"waivers[{index}].rule",
                    "is not a rule that can be waived",
                    f"rules: {', '.join(sorted(cls.known_rules()))}",
                    waiver.rule,
                )
        for role, override in settings.overrides.items():
            path = f"overrides.{role}"
            known = matching(role, roles)
            if known not in roles:
                yield Problem(path, "is not a child of this blueprint", f"children: {', '.join(sorted(roles))}")
                continue
            token = roles[known]
            yield from misspelt(kind_of(token), override, path)
            for rule in policies.rules_for(token):
                if rule.id not in waived and rule.touched_by(override) and not rule.holds(merged({}, override)):
                    yield _broken(role, rule)
        for index, role in enumerate(settings.unprotect):
            if matching(role, cls.stores()) not in cls.stores():
                yield Problem(
                    f"unprotect[{index}]",
                    "is not a store of this blueprint",
                    f"stores: {', '.join(sorted(cls.stores())) or 'none'}",
                    role,
                )

    def _refuse_weakened(self, role: str, token: str, inputs: Mapping[str, Any]) -> None:
        problems = [
            _broken(role, rule)
            for rule in policies.rules_for(token)
            if not self.waived(rule.id) and not rule.holds(inputs)
        ]
        if problems:
            raise SettingsError(problems, subject=f"{type(self).__name__} {self.name!r}")

    def _store_options(self, role: str) -> pulumi.ResourceOptions | None:
        if matching(role, self.STORES) not in self.STORES:
            return None
        return pulumi.ResourceOptions(
            protect=role not in self.settings.unprotect,
            retain_on_delete=None if self.profile.disposable else True,
        )


def matching(role: str, roles: Iterable[str]) -> str:
    """The declared role that a child's role falls under: itself, or the one with a `*`. Itself where none does."""
    return next((known for known in roles if known == role or ("*" in known and fnmatchcase(role, known))), role)


def _broken(role: str, rule: policies.Rule) -> Problem:
    return Problem(
        f"overrides.{role}", f"breaks {rule.id}: {rule.title}", f"{rule.fix}, or waive {rule.id} with a reason"
    )


def kind_of(token: str) -> type[pulumi.CustomResource]:
    """The SDK's class of a type token: `aws:ec2/instance:Instance` is `pulumi_aws.ec2.Instance`."""
    package, module, name = token.split(":")
    folder = module.split("/")[0]
    # `lambda` is a word of the Python language, so the SDK's folder has another name.
    module = "lambda_" if folder == "lambda" else folder
    path = f"pulumi_{package}" if folder == "index" else f"pulumi_{package}.{module}"
    return getattr(importlib.import_module(path), name)


def takes_tags(kind: type[pulumi.CustomResource]) -> bool:
    """Whether a resource can be tagged with a mapping."""
    parameter = inspect.signature(getattr(kind, "_internal_init", kind.__init__)).parameters.get("tags")
    return parameter is not None and "Mapping" in str(parameter.annotation)
