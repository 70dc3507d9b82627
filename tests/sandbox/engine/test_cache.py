"""An entry of the engine cache is complete or absent, whatever happens to it, and is made by one process at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from blueprints.sandbox.engine.cache import Entry, default_cache, locked
from blueprints.sandbox.engine.model import NotAvailable


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    made = Entry(tmp_path / "cache" / "1-linux-x64-abc")
    with made.filled() as bin_dir:
        (bin_dir / "pulumi").write_text("engine")
        (bin_dir / "host").write_text("host")
    return made


def test_a_filled_entry_is_complete(entry: Entry) -> None:
    assert entry.damage() is None
    assert (entry.bin_dir / "pulumi").read_text() == "engine"
    assert [child.name for child in entry.folder.parent.iterdir()] == [entry.folder.name]


def test_an_entry_that_was_never_made_is_absent(tmp_path: Path) -> None:
    assert Entry(tmp_path / "none").damage() == "absent"


def test_a_changed_file_is_found(entry: Entry) -> None:
    assert entry.damage() is None
    (entry.bin_dir / "pulumi").write_text("Engine")
    assert entry.damage() == "bin/pulumi does not have the checksum it was stored with"


def test_a_change_that_keeps_size_and_modification_time_is_found(entry: Entry) -> None:
    assert entry.damage() is None
    file = entry.bin_dir / "pulumi"
    before = file.stat()
    file.write_text("ENGINE")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert entry.damage() == "bin/pulumi does not have the checksum it was stored with"


def test_a_missing_file_is_found(entry: Entry) -> None:
    (entry.bin_dir / "host").unlink()
    assert entry.damage() == "bin/host is missing or unreadable"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"pulumi": 1}'])
def test_an_unreadable_manifest_is_found(entry: Entry, content: str) -> None:
    (entry.folder / "manifest.json").write_text(content)
    assert entry.damage() == "manifest.json is missing or unreadable"


def test_an_unreadable_note_of_what_was_verified_only_costs_time(entry: Entry) -> None:
    (entry.folder / "verified.json").write_text("{")
    assert entry.damage() is None


def test_a_failure_while_filling_leaves_nothing(tmp_path: Path) -> None:
    entry = Entry(tmp_path / "cache" / "entry")
    with pytest.raises(KeyboardInterrupt), entry.filled() as bin_dir:
        (bin_dir / "pulumi").write_text("half")
        raise KeyboardInterrupt
    assert list((tmp_path / "cache").iterdir()) == []


def test_leftovers_of_a_killed_run_are_swept(tmp_path: Path) -> None:
    entry = Entry(tmp_path / "cache" / "entry")
    leftover = tmp_path / "cache" / ".unfinished-entry-killed" / "bin"
    leftover.mkdir(parents=True)
    (leftover / "pulumi").write_text("half")
    with entry.filled() as bin_dir:
        (bin_dir / "pulumi").write_text("whole")
    assert [child.name for child in (tmp_path / "cache").iterdir()] == ["entry"]


def test_a_damaged_entry_is_replaced_whole(entry: Entry) -> None:
    (entry.bin_dir / "stray").write_text("left behind")
    (entry.bin_dir / "pulumi").write_text("damaged")
    with entry.filled() as bin_dir:
        (bin_dir / "pulumi").write_text("new")
    assert entry.damage() is None
    assert sorted(file.name for file in entry.bin_dir.iterdir()) == ["pulumi"]


def test_the_cache_follows_xdg_cache_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "blueprints" / "engine"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for value in ("", "relative/folder"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert default_cache() == tmp_path / "home" / ".cache" / "blueprints" / "engine"


def test_a_second_process_waits_for_the_lock_and_says_so(tmp_path: Path, lines: list[str]) -> None:
    script = (
        "import sys, time; from pathlib import Path; from blueprints.sandbox.engine.cache import locked\n"
        "with locked(Path(sys.argv[1]), print):\n"
        "    print('held', flush=True); time.sleep(1)\n"
        "    Path(sys.argv[1], 'done').touch()\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder, holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with locked(tmp_path, lines.append):
            assert (tmp_path / "done").exists()
    assert lines == ["waiting for another process that is getting the engine (0 s)"]


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path, lines: list[str]) -> None:
    script = (
        "import sys, time; from pathlib import Path; from blueprints.sandbox.engine.cache import locked\n"
        "with locked(Path(sys.argv[1]), print):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder, holder.stdout:
        holder.stdout.readline()
        holder.kill()
        holder.wait()
        with locked(tmp_path, lines.append):
            pass
    assert lines == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = tmp_path / "file" / "cache"
    expected = pytest.raises(
        NotAvailable, match=r"the cache folder .*/file/cache cannot be written \(Not a directory\)"
    )
    with expected, locked(cache, print):
        pytest.fail("the lock was taken")
