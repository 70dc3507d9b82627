"""`python -m tools.facts --cache DIR --lint-checkout DIR`: rebuilds blueprints/sandbox/facts/data."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from blueprints.sandbox import catalog
from blueprints.sandbox.facts import ResourceFacts, Source
from blueprints.sandbox.facts.table import service_of
from tools.facts.cloudformation import cloudformation_rows, property_names, service_spec_rows
from tools.facts.curated import curated_rows
from tools.facts.docstrings import documentation_rows
from tools.facts.examples import Example, sdk_examples
from tools.facts.lint import lint_rows, mapped_attributes
from tools.facts.names import name_rows, tag_rows
from tools.facts.operations import operation_rows
from tools.facts.provider_schema import schema_attributes, set_rows
from tools.facts.references import reference_rows
from tools.facts.rows import Row, merge
from tools.facts.sources import LINT_MAPPINGS, SDK, fetch
from tools.facts.tokens import CloudFormationNames, TerraformNames, Twins, resource_tokens
from tools.facts.trial import slow_patterns
from tools.facts.violations import violations

DATA = Path(__file__).parents[2] / "blueprints" / "sandbox" / "facts" / "data"
OTHER_PACKAGES = ("command", "docker", "kubernetes", "random", "tls")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.facts", description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="where downloads are kept")
    parser.add_argument("--lint-checkout", type=Path, required=True, help=f"a git checkout of {LINT_MAPPINGS}")
    parser.add_argument("--output", type=Path, default=DATA)
    arguments = parser.parse_args()

    aws = catalog.package("aws")
    if aws is None or aws.version != SDK:
        print(f"pulumi-aws {SDK} is needed, found {aws.version if aws else 'none'}", file=sys.stderr)
        return 2
    folders = fetch(arguments.cache, arguments.lint_checkout)
    tokens = resource_tokens(aws)
    twins = Twins(tokens)
    terraform = TerraformNames(aws, twins, chain(schema_attributes(folders), mapped_attributes(folders)))
    cloudformation = CloudFormationNames(aws, twins, property_names(folders))
    rows = chain(
        curated_rows(aws, twins),
        operation_rows(folders, aws, twins),
        lint_rows(folders, aws, terraform),
        set_rows(folders, aws, terraform),
        chain.from_iterable(documentation_rows(aws, token) for token in tokens),
        chain.from_iterable(name_rows(aws, token) for token in tokens),
        chain.from_iterable(tag_rows(aws, token) for token in tokens),
        chain.from_iterable(reference_rows(aws, token) for token in tokens),
        cloudformation_rows(folders, aws, cloudformation),
        service_spec_rows(folders, aws, cloudformation),
    )
    write(arguments.output / "aws", aws.version, rows, sdk_examples(aws))
    for name in OTHER_PACKAGES:
        package = catalog.package(name)
        if package is not None:
            write(arguments.output / name, package.version, curated_rows(package, Twins(package.tokens())))
    return 0


def _drop_disproved(merged: dict[str, list[Row]], examples: Iterable[Example]) -> None:
    """Takes out what an example of the SDK's documentation contradicts: there a source is wrong or was read wrongly."""
    for example in examples:
        rows = merged.get(example.token, [])
        facts = ResourceFacts(example.token, tuple(row.fact() for row in rows if row.rank > 0))
        disproved = {fact.rule_id for fact, _ in violations(facts, example.inputs)}
        if disproved:
            merged[example.token] = [row for row in rows if row.rank == 0 or row.fact().rule_id not in disproved]


def write(folder: Path, version: str, rows: Iterable[Row], examples: Iterable[Example] = ()) -> None:
    """One file a service, one line a resource type; the manifest names the sources."""
    by_token: dict[str, list[Row]] = {}
    for row in rows:
        by_token.setdefault(row.token, []).append(row)
    merged = {token: list(merge(by_token[token])) for token in sorted(by_token)}
    _drop_disproved(merged, examples)
    slow = slow_patterns(row.value for kept in merged.values() for row in kept if row.kind == "pattern")
    merged = {
        token: [row for row in kept if row.kind != "pattern" or row.value not in slow] for token, kept in merged.items()
    }
    used = sorted({row.source for token in merged for row in merged[token]}, key=str)
    numbers = {source: number for number, source in enumerate(used)}
    lines: dict[str, list[str]] = {}
    for token, kept in merged.items():
        if kept:
            cells = [[row.path, row.kind, row.value, numbers[row.source], int(row.closed)] for row in kept]
            text = json.dumps(cells, separators=(",", ":"), ensure_ascii=False)
            lines.setdefault(service_of(token), []).append(f"{token}\t{text}\n")
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.jsonl"):
        stale.unlink()
    for service, content in lines.items():
        (folder / f"{service}.jsonl").write_text("".join(content), encoding="utf-8")
    manifest = {"sdk_version": version, "sources": [_cells(source) for source in used]}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    kinds = Counter(row.kind for token in merged for row in merged[token])
    print(f"{folder.name}: {len(merged)} resource types, {sum(kinds.values())} facts: {dict(kinds.most_common())}")


def _cells(source: Source) -> list[str]:
    return [source.name, source.version, source.detail]


if __name__ == "__main__":
    sys.exit(main())
