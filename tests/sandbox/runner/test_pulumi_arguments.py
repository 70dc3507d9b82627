"""Arguments of `sandbox run`: paths become absolute, organizations go, and what would leave it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from blueprints.errors import BlueprintError
from blueprints.sandbox.pulumi_arguments import PulumiArguments, parse


def read(tmp_path: Path, line: str) -> PulumiArguments:
    return parse(line.split(), tmp_path)


@pytest.mark.parametrize(
    ("line", "stack", "tokens"),
    [
        ("preview -s dev", "dev", "preview -s dev"),
        ("preview -sdev", "dev", "preview -s dev"),
        ("preview -s=dev", "dev", "preview -s dev"),
        ("preview --stack acme/shop/prod", "prod", "preview --stack prod"),
        ("up --stack=acme/prod --yes", "prod", "up --stack prod --yes"),
        ("stack init acme/shop/qa", "qa", "stack init qa"),
        ("stack select --create qa", "qa", "stack select --create qa"),
        ("stack rm qa --yes", "qa", "stack rm qa --yes"),
        ("config set size 3", None, "config set size 3"),
        ("config set key -- -s", None, "config set key -- -s"),
        ("config cp --dest acme/qa", None, "config cp --dest qa"),
        ("preview -d", None, "preview -d"),
        ("up -f -y", None, "up -f -y"),
    ],
)
def test_stacks_are_found_however_they_are_spelled(tmp_path: Path, line: str, stack: str | None, tokens: str) -> None:
    parsed = read(tmp_path, line)
    assert (parsed.stack, " ".join(parsed.tokens)) == (stack, tokens)


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ("stack export --file out.json", "stack export --file {here}/out.json"),
        ("stack import --file=in.json", "stack import --file {here}/in.json"),
        ("preview --save-plan plan.json", "preview --save-plan {here}/plan.json"),
        ("up --plan plan.json", "up --plan {here}/plan.json"),
        ("import -f list.json -o out.py", "import -f {here}/list.json -o {here}/out.py"),
        ("import aws:s3/bucket:Bucket a b", "import aws:s3/bucket:Bucket a b --generate-code=false"),
        ("import a b c --generate-code=true", "import a b c --generate-code=true"),
        ("up -f", "up -f"),
        ("preview --policy-pack acme/pack", "preview --policy-pack acme/pack"),
    ],
)
def test_paths_are_those_of_the_folder_where_the_command_is_typed(tmp_path: Path, line: str, tokens: str) -> None:
    assert " ".join(read(tmp_path, line).tokens) == tokens.format(here=tmp_path)


def test_the_folder_of_cwd_is_honoured_and_taken_out(tmp_path: Path) -> None:
    (tmp_path / "infra" / "pack").mkdir(parents=True)
    parsed = read(tmp_path, "-C infra preview --policy-pack pack")
    assert parsed.folder == tmp_path / "infra"
    assert parsed.tokens == ("preview", "--policy-pack", str(tmp_path / "infra" / "pack"))
    assert read(tmp_path, "preview --cwd=infra").folder == tmp_path / "infra"
    with pytest.raises(BlueprintError, match="nowhere is not a folder"):
        read(tmp_path, "-C nowhere preview")


def test_a_named_settings_file_is_replaced_by_its_derived_copy(tmp_path: Path) -> None:
    parsed = read(tmp_path, "preview --config-file my.yaml")
    asked: list[Path] = []

    def derive(path: Path) -> Path:
        asked.append(path)
        return Path("/derived.yaml")

    assert parsed.for_engine(derive) == ["preview", "--config-file", "/derived.yaml"]
    assert asked == [tmp_path / "my.yaml"]


@pytest.mark.parametrize(
    ("line", "words", "creates"),
    [
        ("preview", ("preview",), True),
        ("--color never -v 3 preview", ("preview",), True),
        ("update", ("up",), True),
        ("pre", ("preview",), True),
        ("down --yes", ("destroy",), False),
        ("stack export", ("stack", "export"), False),
        ("--non-interactive config get x", ("config", "get"), True),
        ("--version", (), False),
    ],
)
def test_commands_are_known_by_their_synonyms(tmp_path: Path, line: str, words: tuple[str, ...], creates: bool) -> None:
    parsed = read(tmp_path, line)
    assert (parsed.words, parsed.creates) == (words, creates)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("login s3://bucket", "pulumi login is refused in the sandbox: the sandbox has its own backend, and no other"),
        ("logout", "pulumi logout is refused in the sandbox"),
        ("plugin install resource aws", "pulumi plugin is refused in the sandbox: the sandbox runs its own plugins"),
        ("package add x", "pulumi package is refused in the sandbox"),
        ("install", "pulumi install is refused in the sandbox: it downloads plugins"),
        ("new aws-python", "pulumi new is refused in the sandbox"),
        ("env open acme/prod", "pulumi env is refused in the sandbox: it works outside the sandbox"),
        ("do anything", "pulumi do is refused in the sandbox"),
        ("-C . login", "pulumi login is refused in the sandbox"),
        ("--color never login", "pulumi login is refused in the sandbox"),
        ("up https://example.com/program", "it brings a program in from elsewhere"),
        ("stack change-secrets-provider awskms://x", "the sandbox has its own encryption"),
        ("config env add x", "ESC environments are not read in the sandbox"),
        ("preview --remote", "--remote is refused in the sandbox: the sandbox runs on this machine"),
        ("up --remote-git-branch main", "--remote-git-branch is refused in the sandbox"),
        ("stack init x --secrets-provider=awskms://x", "--secrets-provider is refused in the sandbox"),
        ("preview --tracing http://collector", "--tracing is refused in the sandbox: it sends data away"),
        ("import --from terraform state.json", "--from is refused in the sandbox: it starts a converter plugin"),
    ],
)
def test_what_leaves_the_sandbox_is_refused_by_name(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(BlueprintError) as caught:
        read(tmp_path, line)
    assert said in str(caught.value)
