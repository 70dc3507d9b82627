"""Starts the engine on Linux so that it ends with the run, and behind one more wall where the system allows it.

The wall is a network namespace that has only a loopback. The allow-listed environment does not depend on it: where the
system gives no namespace (a container without the right, say), the engine starts without the wall.

Runs as a script of its own and imports nothing of the package: it is on the way of every run.
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

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_PR_SET_PDEATHSIG = 1
_INTERFACE = struct.Struct("16sh22x")


def main(command: list[str]) -> None:
    """Replaces this process by `command`."""
    # A run that is killed must not leave an engine behind that goes on changing the state.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    if _works():
        _enter()
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


def _works() -> bool:
    """Whether a child of this process gets through: a namespace without a loopback would break the run."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            _enter()
            status = 0
        except OSError:
            pass
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _enter() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    flags = _CLONE_NEWNET if user == 0 else _CLONE_NEWUSER | _CLONE_NEWNET
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    if user != 0:
        # The same ids inside as outside, so that files keep their owner.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = _INTERFACE.pack(b"lo", 0)
        flags = _INTERFACE.unpack(fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, _INTERFACE.pack(b"lo", flags | _IFF_UP))


if __name__ == "__main__":
    main(sys.argv[1:])
