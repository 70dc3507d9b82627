"""An application image built from a folder and pushed to ECR; what runs is named by its digest."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from blueprints import docker_engine, paths
from blueprints.aws.build_context import context_hash
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem
from blueprints.inputs import In
from blueprints.settings import Settings


class BuildSpec(Settings):
    """A folder that an image is built from."""

    context: str = ""
    """Folder that holds what the build needs, relative to Pulumi.yaml's folder. Required."""
    dockerfile: str = "Dockerfile"
    """Name of the Dockerfile inside `context`. Default Dockerfile."""
    target: str | None = None
    """Stage of the Dockerfile to build. Default the last one."""
    args: dict[str, str] = {}
    """Build arguments, which stay readable in the image: no secrets. Default none."""

    @property
    def folder(self) -> Path:
        """The context as an absolute path."""
        return paths.resolve(self.context)


def build_problems(build: BuildSpec) -> Iterator[Problem]:
    """What is wrong with the files that a build names."""
    dockerfile = build.folder / build.dockerfile
    if not build.context:
        yield Problem("context", "is required", "name the folder to build from, for example ./app")
    elif not build.folder.is_dir():
        where = f"write its path as seen from {paths.project_root()}"
        yield Problem("context", "is not a folder", where, build.context)
    elif not dockerfile.resolve().is_relative_to(build.folder.resolve()):
        yield Problem("dockerfile", "must lie inside context", "move it there", build.dockerfile)
    elif not dockerfile.is_file():
        yield Problem("dockerfile", "is not a file in context", f"create {build.context}/Dockerfile", build.dockerfile)


class ImageBuildSettings(BlueprintSettings):
    """Settings of an image build."""

    build: BuildSpec
    """What to build."""
    platform: Literal["linux/amd64", "linux/arm64"] = "linux/amd64"
    """Processor architecture of the machine that runs it. Default linux/amd64."""
    repository_url: In[str]
    """Repository that it is pushed to."""
    registry_id: In[str]
    """Account of that repository's registry."""

    def rules(self) -> Iterator[Problem]:
        """The folder and the Dockerfile exist, and the Dockerfile lies in the folder."""
        yield from super().rules()
        yield from (problem.under("build") for problem in build_problems(self.build))


class ImageBuild(Blueprint):
    """One image. Its tag is a hash of the build context: unchanged files are never built or pushed again."""

    SETTINGS = ImageBuildSettings
    ROLES = {"image": "docker:index/image:Image"}

    tag: str
    """Tag of the image: a hash of the build context and of the recipe."""
    reference: pulumi.Output[str]
    """The image by its digest: `repository@sha256:...`."""

    def __init__(
        self, name: str, args: ImageBuildSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = ImageBuildSettings.load(args)
        super().__init__(name, settings, opts)
        build = settings.build
        recipe = [build.dockerfile, build.target or "", settings.platform, *map(str, sorted(build.args.items()))]
        self.tag = context_hash(build.folder, recipe)
        # Relative to the working folder, which program and provider share: an absolute path would differ between
        # machines, and every change of machine would look like a change of the image.
        context = os.path.relpath(build.folder)
        if pulumi.runtime.is_dry_run() and not docker_engine.answers():
            pulumi.log.warn(
                f"no Docker engine answers here. A preview builds nothing, but `up` needs one for {build.context}; "
                "and outside the sandbox Pulumi's Docker provider connects to it in a preview too: start Docker, "
                "or set docker:host (an ssh:// address is contacted by `up` only).",
                self,
            )
        login = aws.ecr.get_authorization_token_output(
            registry_id=settings.registry_id, opts=pulumi.InvokeOptions(parent=self)
        )
        self.image = self.create(
            docker.Image,
            "image",
            {
                "image_name": pulumi.Output.concat(settings.repository_url, ":", self.tag),
                "build_on_preview": False,
                "build": {
                    "context": context,
                    "dockerfile": os.path.join(context, build.dockerfile),  # noqa: PTH118  # a relative path stays one
                    "platform": settings.platform,
                    "target": build.target,
                    "args": build.args,
                },
                "registry": {
                    "server": settings.repository_url,
                    "username": login.user_name,
                    "password": pulumi.Output.secret(login.password),
                },
            },
        )
        self.publish(reference=self.image.repo_digest)
