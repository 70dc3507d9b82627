"""Preview time of the sandbox against the same engine with a provider that does nothing.

    .venv/bin/python -m benchmarks.sandbox_preview [--resources 200] [--runs 7]

Target: 200 resources in at most 1.3 times the floor, plus 0.3 s for each further package. The two commands run in turn
(A B A B ...), so that a slow moment of the machine meets both; medians and the ratio of each pair are printed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from blueprints.sandbox.engine.bootstrap import ensure_engine

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """
import pulumi_aws as aws
for i in range({count} // 4):
    key = aws.kms.Key(f"key-{{i}}", enable_key_rotation=True)
    aws.sqs.Queue(f"queue-{{i}}", visibility_timeout_seconds=30, kms_master_key_id=key.arn, tags={{"n": str(i)}})
    aws.sns.Topic(f"topic-{{i}}", kms_master_key_id=key.arn)
    aws.ssm.Parameter(f"parameter-{{i}}", type="String", value=f"value {{i}}")
"""
FURTHER = {
    "random": 'import pulumi_random\npulumi_random.RandomPet("pet")\n',
    "tls": 'import pulumi_tls\npulumi_tls.PrivateKey("key", algorithm="ED25519")\n',
}


def write_project(folder: Path, count: int, further: tuple[str, ...]) -> None:
    """A Pulumi project with `count` resources and one resource of each further package."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-central-1\n")
    text = PROGRAM.format(count=count) + "".join(FURTHER[name] for name in further)
    (folder / "__main__.py").write_text(text)


def floor_environment(scratch: Path, engine: Path, further: tuple[str, ...]) -> dict[str, str]:
    """The environment of the engine with idle providers, on an empty backend of its own."""
    providers = scratch / "providers"
    providers.mkdir()
    for package in ("aws", *further):
        launcher = providers / f"pulumi-resource-{package}"
        launcher.write_text(f"#!/bin/sh\nexec {sys.executable} -m benchmarks.idle_provider\n")
        launcher.chmod(0o755)
    state = scratch / "state"
    state.mkdir()
    return {
        "PATH": os.pathsep.join([str(engine), str(providers), str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": str(scratch),
        "PYTHONPATH": str(ROOT),
        "PULUMI_HOME": str(scratch / "pulumi"),
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": "benchmark",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "VIRTUAL_ENV": str(Path(sys.executable).parent.parent),
    }


def timed(command: list[str], folder: Path, environment: dict[str, str] | None) -> float:
    """Seconds of one run; a run that fails ends the benchmark with what it printed."""
    start = time.perf_counter()
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    taken = time.perf_counter() - start
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{run.stdout}\n{run.stderr}")
    return taken


def compare(count: int, runs: int, further: tuple[str, ...]) -> None:
    """Runs both in turn and prints medians, ratios and the target."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        floor, sandbox = scratch / "floor", scratch / "sandbox"
        write_project(floor, count, further)
        write_project(sandbox, count, further)
        engine = ensure_engine(lambda line: print(line, file=sys.stderr))
        environment = floor_environment(scratch, engine.bin_dir, further)
        pulumi = str(engine.pulumi)
        timed([pulumi, "stack", "init", "dev"], floor, environment)
        preview = ["preview", "--stack", "dev", "--non-interactive"]
        one = [pulumi, *preview]
        other = [str(Path(sys.executable).parent / "blueprints"), "sandbox", "run", "--", *preview]
        timed(one, floor, environment)
        timed(other, sandbox, None)
        pairs = [(timed(one, floor, environment), timed(other, sandbox, None)) for _ in range(runs)]
    floors, sandboxes = [a for a, _ in pairs], [b for _, b in pairs]
    target = 1.3 * statistics.median(floors) + 0.3 * len(further)
    packages = " + ".join(("aws", *further))
    print(f"{count} resources, {packages}, {runs} pairs")
    for label, values in (("floor", floors), ("sandbox", sandboxes)):
        print(f"  {label:8} median {statistics.median(values):.2f} s   {min(values):.2f} to {max(values):.2f} s")
    ratios = [b / a for a, b in pairs]
    print(f"  ratio    median {statistics.median(ratios):.2f}     {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"  target   {target:.2f} s: {'met' if statistics.median(sandboxes) <= target else 'MISSED'}")


def main() -> None:
    """Measures with one package and with two more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=200)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    compare(options.resources, options.runs, ())
    compare(options.resources, options.runs, tuple(FURTHER))


if __name__ == "__main__":
    main()
