"""Starts the engine on Linux so that it ends with the run, and behind two more walls where the system allows them.

One is a network namespace that has only a loopback, the other a mount namespace in which credentials files and the
sockets of container engines are covered. The allow-listed environment does not depend on them: where the system gives
no namespace (a container without the right, say), the engine starts without.

Runs as a script of its own and imports nothing of the package: it is on the way of every run.

    launcher.py [--cover PATH]... [--network] -- PROGRAM ARGUMENT...
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys
from pathlib import Path

_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_MS_RDONLY = 0x1
_MS_BIND = 0x1000
_MS_REC = 0x4000
_MS_PRIVATE = 0x40000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_PR_SET_PDEATHSIG = 1
_INTERFACE = struct.Struct("16sh22x")

_libc = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> None:
    """Replaces this process by the program."""
    # A run that is killed must not leave an engine behind that goes on changing the state.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    end = arguments.index("--")
    own, command = arguments[:end], arguments[end + 1 :]
    covered = [own[index + 1] for index, word in enumerate(own) if word == "--cover"]
    network = 0 if "--network" in own else _CLONE_NEWNET
    for flags in (network | _CLONE_NEWNS, network, _CLONE_NEWNS):
        if flags and _works(flags, covered):
            _enter(flags, covered)
            break
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


def _works(flags: int, covered: list[str]) -> bool:
    """Whether a child of this process gets through: half a wall (no loopback, say) would break the run."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            _enter(flags, covered)
            status = 0
        except OSError:
            pass
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _enter(flags: int, covered: list[str]) -> None:
    user, group = os.geteuid(), os.getegid()
    _call(_libc.unshare, flags if user == 0 else flags | _CLONE_NEWUSER)
    if user != 0:
        # The same ids inside as outside, so that files keep their owner.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    if flags & _CLONE_NEWNET:
        _raise_loopback()
    if flags & _CLONE_NEWNS:
        # Without this, covering a path here would cover it for the whole machine.
        _call(_libc.mount, None, b"/", None, _MS_REC | _MS_PRIVATE, None)
        for path in covered:
            _cover(path)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = fcntl.ioctl(control, _SIOCGIFFLAGS, _INTERFACE.pack(b"lo", 0))
        fcntl.ioctl(control, _SIOCSIFFLAGS, _INTERFACE.pack(b"lo", _INTERFACE.unpack(request)[1] | _IFF_UP))


def _cover(path: str) -> None:
    if Path(path).is_dir():
        _call(_libc.mount, b"tmpfs", os.fsencode(path), b"tmpfs", _MS_RDONLY, b"size=4k")
    elif Path(path).exists():
        _call(_libc.mount, b"/dev/null", os.fsencode(path), None, _MS_BIND, None)


def _call(function: ctypes._NamedFuncPointer, *arguments: object) -> None:  # pyright: ignore[reportPrivateUsage]
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), getattr(function, "__name__", ""))


if __name__ == "__main__":
    main(sys.argv[1:])
