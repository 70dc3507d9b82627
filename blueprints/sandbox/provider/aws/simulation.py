# ruff: noqa: ARG002 - every simulation answers the same questions
"""The simulated package `aws`: settings, regions, tags, and what AWS computes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from blueprints.sandbox.account.records import Row
from blueprints.sandbox.catalog import Type
from blueprints.sandbox.provider.aws import deletion, names
from blueprints.sandbox.provider.aws.forms import Values, forms_of, generic_arn, identity, physical_name
from blueprints.sandbox.provider.aws.growth import refuse_shrinking
from blueprints.sandbox.provider.aws.nested import NESTED
from blueprints.sandbox.provider.aws.regions import ACCOUNT, DEFAULT_REGION
from blueprints.sandbox.provider.aws.relations import RELATIONS
from blueprints.sandbox.provider.aws.sets import SETS
from blueprints.sandbox.provider.aws.tags import all_tags
from blueprints.sandbox.provider.diffing import Change
from blueprints.sandbox.provider.errors import Findings, OperationError
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.simulation import Farewell, Simulation, neutral
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import is_list, without_internal

# Outputs that are empty unless a feature is used that few use.
_USUALLY_ABSENT = (
    "outpost", "spot", "capacityReservation", "customerOwned", "Lifecycle", "kmsKey", "placement", "ipv6", "Ipv6",
    "ipam", "carrier", "hostResource", "coip", "replica", "parent", "primaryNetworkInterface.", "lastUpdated",
    "transitGateway",
)  # fmt: skip
_SETTINGS = "pulumi-aws provider configuration"


def create(session: Session) -> Simulation:
    """The simulation for one provider process."""
    return AwsSimulation(session)


class AwsSimulation(Simulation):
    """AWS as far as the sandbox knows it."""

    package = "aws"
    sets = SETS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.config: dict[str, Any] = {}

    def check_config(self, inputs: dict[str, Any], findings: Findings) -> None:
        """A provider that forbids the simulated account would forbid this run. Allowed accounts are the real ones."""
        forbidden = inputs.get("forbiddenAccountIds")
        if is_list(forbidden) and ACCOUNT in [str(item) for item in forbidden]:
            findings.error(
                "forbiddenAccountIds",
                f"the account {ACCOUNT} is the sandbox's own, and forbiddenAccountIds contains it; remove it there",
                "sandbox/forbidden-account",
                _SETTINGS,
            )
        allowed = inputs.get("allowedAccountIds")
        if is_list(allowed) and allowed and is_list(forbidden) and forbidden:
            findings.error(
                "allowedAccountIds",
                "`allowedAccountIds` cannot be set together with `forbiddenAccountIds`",
                "aws:provider/allowedAccountIds/conflicts",
                _SETTINGS,
            )

    def configure(self, inputs: dict[str, Any]) -> None:
        """Takes over region and tags. Credentials, roles and endpoints have no meaning here: nothing is called."""
        self.config = inputs

    @property
    def default_region(self) -> str:
        """The region of resources that name none."""
        region = self.config.get("region")
        return region if isinstance(region, str) and region else self.session.world.region or DEFAULT_REGION

    def prepare(self, subject: Subject) -> None:
        """Region and all tags are inputs, as with the provider itself: a preview knows them."""
        declared = subject.knowledge.declared
        if declared is None:
            return
        region = declared.inputs.get("region")
        if region and not region.deprecated and subject.inputs.get("region") is None:
            subject.inputs["region"] = self.default_region
        if "tagsAll" in declared.outputs and "tags" in declared.inputs:
            merged = all_tags(subject.inputs.get("tags"), self.config)
            if merged:
                subject.inputs["tagsAll"] = merged

    def changes(self, subject: Subject, found: list[Change]) -> list[Change]:
        """Nothing moves from one region into another."""
        return [
            replace(change, replaces=True, certain=True) if change.path == ("region",) else change for change in found
        ]

    def region(self, subject: Subject) -> str:
        """The region of a resource; for global services that of the provider."""
        region = subject.inputs.get("region")
        return region if isinstance(region, str) else self.default_region

    def rules(self, subject: Subject, findings: Findings) -> None:
        """References, then the documented rules of the services."""
        from blueprints.sandbox.provider.aws.references import check_references
        from blueprints.sandbox.provider.aws.rules import check_rules

        check_references(self.session, subject, findings)
        check_rules(self.session, subject, findings)

    def values(self, subject: Subject) -> Values:
        """What the forms of a resource may use."""
        return Values(self.session, subject, self.region(subject))

    def identity(self, subject: Subject) -> str:
        """The id that AWS, or the provider on its behalf, gives."""
        return identity(self.values(subject))

    def known_in_preview(self, subject: Subject) -> dict[str, Any]:
        """All tags are known, and empty ones too; the name of a prefix is not."""
        declared = subject.knowledge.declared
        if declared and "tagsAll" in declared.outputs and "tagsAll" not in subject.inputs:
            return {"tagsAll": {}}
        return {}

    def computed(self, subject: Subject) -> dict[str, Any]:
        """What the tables and relations say, for outputs that the program has not set itself."""
        short = subject.type.partition(":")[2]
        values = self.values(subject)
        forms = forms_of(short)
        inputs = subject.inputs
        result = {
            name: values.fill(form, name) for name, form in forms.items() if name != "id" and inputs.get(name) is None
        }
        relation = RELATIONS.get(short)
        if relation:
            result.update(relation(values))
        declared = subject.knowledge.declared
        if declared:
            if "arn" in declared.outputs and "arn" not in result and inputs.get("arn") is None:
                result["arn"] = generic_arn(values)
            if "tagsAll" in declared.outputs and "tagsAll" not in inputs:
                result["tagsAll"] = {}
            rule = subject.knowledge.name_rule
            prop = rule.property if rule else "name"
            if prop in declared.outputs and inputs.get(prop) is None and inputs.get(f"{prop}Prefix") is not None:
                result[prop] = physical_name(subject)
            if "region" in declared.outputs and inputs.get("region") is None:
                result["region"] = self.region(subject)
        return result

    def nested(self, subject: Subject) -> dict[str, dict[str, Any]]:
        """What AWS adds inside blocks."""
        forms = NESTED.get(subject.type.partition(":")[2], {})
        values = self.values(subject)
        return {
            path: {name: values.fill(form, path + name) for name, form in block.items()}
            for path, block in forms.items()
        }

    def fill(self, subject: Subject, path: str, declared: Type) -> Any:
        """Other outputs get a value of the right kind: ARNs, ids and host names look like some, the rest is empty."""
        if declared.kind not in ("string", "any", "union"):
            return neutral(declared)
        name = path.rpartition(".")[2]
        mint = subject.mint
        if path in (subject.knowledge.declared.inputs if subject.knowledge.declared else {}):
            return ""
        if any(part in path for part in _USUALLY_ABSENT):
            return ""
        if name.endswith(("Arn", "arn")):
            return f"arn:aws:{subject.service}:{self.region(subject)}:{ACCOUNT}:{name}/{mint.hex(path, 16)}"
        if name in ("ownerId", "accountId", "registryId", "owner"):
            return ACCOUNT
        if name.endswith(("DnsName", "dnsName", "Endpoint", "endpoint")):
            return f"{mint.letters(path, 12)}.{subject.service}.{self.region(subject)}.amazonaws.com"
        if name.endswith(("Date", "Time", "createdAt", "updatedAt", "At")):
            return "2024-01-01T00:00:00Z"
        if name.endswith(("Id", "id")):
            return mint.hex(path, 20)
        if name in ("status", "state"):
            return "ACTIVE"
        return ""

    def volatile(self, subject: Subject, changed: set[str]) -> Iterable[str]:
        """What a change in place makes anew."""
        match subject.short_type:
            case "LaunchTemplate" if changed - {"tags", "tagsAll"}:
                return ("latestVersion",)
            case "Parameter" if subject.service == "ssm" and changed & {"value", "insecureValue", "valueWo"}:
                return ("version",)
            case "Function" if subject.service == "lambda" and changed & {
                "code",
                "imageUri",
                "s3Key",
                "sourceCodeHash",
            }:
                published = ("version", "qualifiedArn", "qualifiedInvokeArn") if subject.inputs.get("publish") else ()
                return ("codeSha256", "lastModified", "sourceCodeSize", *published)
            case _:
                return ()

    def names(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        """Names that AWS lets only one resource have."""
        return names.taken(subject, self.region(subject))

    def name_taken(self, subject: Subject, scope: str, name: str, holder: str, held: str) -> OperationError:
        """The refusal in the words of the service."""
        return names.refusal(subject, scope, name, holder, held)

    def handles(self, subject: Subject) -> frozenset[str]:
        """Id, ARNs, name, and the addresses by which services refer to each other."""
        outputs = subject.outputs
        found = {subject.id, str(physical_name(subject)) if subject.knowledge.name_rule else ""}
        for name in ("arn", "url", "invokeArn", "qualifiedArn", "keyId", "zoneId", "name", "arnWithoutRevision"):
            value = outputs.get(name)
            if isinstance(value, str):
                found.add(value)
        if subject.service == "kms" and subject.short_type == "Alias":
            found.add(subject.text("name"))
        return frozenset(found)

    def before_create(self, subject: Subject) -> None:
        """What AWS refuses to create beside what already exists."""
        for scope, name in self.names(subject):
            probe = replace(subject, id=name)
            if self.missing(probe) is not None:
                raise self.name_taken(subject, scope, name, "sandbox.yaml", "")
        deletion.refuse_second_attachment(self.session, subject)

    def before_update(self, subject: Subject) -> None:
        refuse_shrinking(subject)

    def before_delete(self, subject: Subject, row: Row | None) -> Farewell:
        """Protection first, then dependents, then what has to be empty."""
        return deletion.farewell(self.session, subject, row)

    def invoke(self, token: str, arguments: dict[str, Any], preview: bool) -> dict[str, Any]:
        """Computed functions and lookups."""
        from blueprints.sandbox.provider.aws.functions import answer

        return answer(self, token, without_internal(arguments))
