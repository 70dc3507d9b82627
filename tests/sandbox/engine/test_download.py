"""A release archive is used only when every byte of it is the pinned one, and a bad server holds nobody up."""

from __future__ import annotations

import hashlib
import io
import re
import socket
import tarfile
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from blueprints.sandbox.engine import download as downloading
from blueprints.sandbox.engine.download import download
from blueprints.sandbox.engine.model import NotAvailable
from blueprints.sandbox.engine.release import Archive, archive_for

from .fakes import PROGRAMS, ReleaseServer, release_archive


@pytest.fixture
def bin_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def refusal(releases: ReleaseServer, bin_dir: Path, archive: Archive | None = None) -> NotAvailable:
    """What is said about a server; and nothing of what it sent may be left."""
    with pytest.raises(NotAvailable) as caught:
        download(archive or releases.archive, releases.url, bin_dir, [].append)
    assert [file for file in bin_dir.parent.rglob("*") if file.is_file()] == []
    return caught.value


def test_a_good_archive_gives_the_python_programs_and_nothing_else(
    releases: ReleaseServer, bin_dir: Path, lines: list[str]
) -> None:
    download(releases.archive, releases.url + "/", bin_dir, lines.append)
    assert sorted(file.name for file in bin_dir.iterdir()) == sorted(PROGRAMS)
    assert all(file.stat().st_mode & 0o777 == 0o755 for file in bin_dir.iterdir())
    assert (bin_dir / "pulumi").read_text() == "#!/bin/sh\necho pulumi\n"
    assert releases.requests == ["/releases/pulumi-v3.259.0-linux-x64.tar.gz"]
    assert lines == [f"downloading {releases.url}/pulumi-v3.259.0-linux-x64.tar.gz"]


def test_a_wrong_checksum_is_refused(releases: ReleaseServer, bin_dir: Path) -> None:
    expected = releases.archive
    releases.body = release_archive(("pulumi",))
    reason = refusal(releases, bin_dir, expected).reason
    actual = hashlib.sha256(releases.body).hexdigest()
    assert reason.startswith("refused http://127.0.0.1:")
    assert f"its SHA-256 is {actual}, the pinned one is {expected.sha256}" in reason


def test_a_truncated_archive_is_refused(releases: ReleaseServer, bin_dir: Path) -> None:
    def cut(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:100])

    releases.answer = cut
    size = len(releases.body)
    assert re.search(rf"truncated: 100 of {size} bytes arrived|broke off", refusal(releases, bin_dir).reason)


def test_a_truncated_archive_without_a_length_is_refused(releases: ReleaseServer, bin_dir: Path) -> None:
    def cut(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(body[:100])

    releases.answer = cut
    assert "the pinned one is" in refusal(releases, bin_dir).reason


@pytest.mark.parametrize(("code", "phrase"), [(404, "Not Found"), (403, "Forbidden"), (500, "Internal Server Error")])
def test_an_error_answer_is_named(releases: ReleaseServer, bin_dir: Path, code: int, phrase: str) -> None:
    releases.answer = lambda handler, _: handler.send_error(code)
    assert refusal(releases, bin_dir).reason == f"{releases.url}/{releases.archive.name} answered {code} {phrase}"


def test_a_server_that_is_not_there_is_named(releases: ReleaseServer, bin_dir: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        releases.url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert refusal(releases, bin_dir).reason.endswith("is unreachable (Connection refused)")


def test_a_server_that_never_answers_is_left_after_the_limit(
    releases: ReleaseServer, bin_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert downloading.REACH_SECONDS == 5.0
    monkeypatch.setattr(downloading, "REACH_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        releases.url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        reason = refusal(releases, bin_dir).reason
    assert re.search(r"did not answer within 0 seconds|is unreachable \(timed out\)", reason)


def test_a_name_that_resolves_too_slowly_is_left_after_the_limit(
    releases: ReleaseServer, bin_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, **__: object) -> list[object]:
        time.sleep(3)
        raise socket.gaierror("too late")

    monkeypatch.setattr(downloading, "REACH_SECONDS", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    releases.url = "http://releases.invalid"
    started = time.monotonic()
    assert "did not answer within" in refusal(releases, bin_dir).reason
    assert time.monotonic() - started < 2.5


def test_a_server_that_stalls_half_way_is_left_after_the_limit(
    releases: ReleaseServer, bin_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stall(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:100])
        handler.wfile.flush()
        time.sleep(1.5)

    monkeypatch.setattr(downloading, "REACH_SECONDS", 0.3)
    releases.answer = stall
    assert "stopped sending for 0 seconds after 0 of 0 MB" in refusal(releases, bin_dir).reason


def test_a_server_that_drips_is_left_after_the_limit(
    releases: ReleaseServer, bin_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for byte in body[:40]:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.05)

    monkeypatch.setattr(downloading, "_LIMIT_SECONDS", 0.3)
    releases.answer = drip
    assert "was too slow" in refusal(releases, bin_dir).reason


def test_an_archive_larger_than_the_limit_is_refused(
    releases: ReleaseServer, bin_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "_LIMIT_BYTES", 100)
    assert "it is larger than" in refusal(releases, bin_dir).reason


def test_an_archive_without_the_language_host_is_refused(releases: ReleaseServer, bin_dir: Path) -> None:
    releases.body = release_archive(("pulumi",))
    with pytest.raises(NotAvailable, match="filename 'pulumi/pulumi-language-python' not found"):
        download(releases.archive, releases.url, bin_dir, [].append)


def test_bytes_that_are_no_archive_are_refused(releases: ReleaseServer, bin_dir: Path) -> None:
    releases.body = b"<html>sign in to the network</html>"
    assert "not a release archive" in refusal(releases, bin_dir).reason


def test_a_link_in_place_of_a_program_is_refused(releases: ReleaseServer, bin_dir: Path) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        member = tarfile.TarInfo("pulumi/pulumi")
        member.type = tarfile.DIRTYPE
        archive.addfile(member)
    releases.body = content.getvalue()
    assert "pulumi/pulumi in it is not a file" in refusal(releases, bin_dir).reason


def test_a_full_disk_is_named(releases: ReleaseServer, bin_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(downloading.tempfile, "TemporaryFile", full)
    problem = refusal(releases, bin_dir)
    assert problem.reason == f"the disk of {bin_dir.parents[1]} is full"
    assert problem.fix == f"free 500 MB on the disk of {bin_dir.parents[1]}"


@pytest.mark.parametrize(
    ("system", "architecture"), [("linux", "x64"), ("linux", "arm64"), ("darwin", "x64"), ("darwin", "arm64")]
)
def test_each_platform_with_a_published_checksum_has_an_archive(system: str, architecture: str) -> None:
    archive = archive_for(system, architecture)
    assert archive is not None
    assert archive.name == f"pulumi-v3.259.0-{system}-{architecture}.tar.gz"
    assert re.fullmatch(r"[0-9a-f]{64}", archive.sha256)


def test_a_platform_without_a_published_checksum_has_none() -> None:
    assert archive_for("linux", "riscv64") is None
    assert archive_for("win32", "x64") is None
