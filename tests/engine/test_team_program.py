"""The example of a team's own program comes up in the sandbox as it stands: build folder, own network, own rights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from projects import REPOSITORY, Answer, Project

pytestmark = pytest.mark.engine


@pytest.fixture
def example(tmp_path: Path) -> Project:
    folder = tmp_path / "team-program"
    shutil.copytree(REPOSITORY / "examples" / "team-program", folder)
    project = Project(folder)
    project.commit()
    return project


def pulumi(project: Project, *arguments: str) -> Answer:
    answer = project.run("sandbox", "run", "--", *arguments, "--stack", "dev")
    assert answer.status == 0, answer.text
    return answer


def outputs(project: Project) -> dict[str, str]:
    return json.loads(pulumi(project, "stack", "output", "--json").out)


def state(project: Project) -> dict[str, dict[str, Any]]:
    exported = json.loads(pulumi(project, "stack", "export").out)
    return {item["urn"].rsplit("::", 1)[-1]: item for item in exported["deployment"]["resources"]}


def test_it_comes_up_builds_by_content_and_goes_away(example: Project) -> None:
    first = pulumi(example, "preview")
    assert "no Docker engine answers here" in first.text
    pulumi(example, "up", "--yes")
    assert outputs(example)["url"].startswith("https://")
    resources = state(example)
    assert resources["shop-server-instance"]["inputs"]["subnetId"].startswith("subnet-")
    assert resources["shop-server-instance"]["inputs"]["rootBlockDevice"]["iops"] == 4000
    tag = resources["shop-build-image"]["inputs"]["imageName"].rsplit(":", 1)[-1]
    assert "registry-login" not in json.dumps(resources)
    pulumi(example, "preview", "--expect-no-changes")

    app = example.folder / "app" / "app.py"
    app.write_text(app.read_text().replace("'hi'", "'good day'"))
    pulumi(example, "up", "--yes")
    changed = state(example)
    assert changed["shop-build-image"]["inputs"]["imageName"].rsplit(":", 1)[-1] != tag
    assert changed["shop-server-instance"]["id"] == resources["shop-server-instance"]["id"]
    assert changed["shop-release-deployment"]["id"] != resources["shop-release-deployment"]["id"]
