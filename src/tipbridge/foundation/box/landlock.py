"""Landlock: the kernel's own wall around files, TCP, abstract sockets and signals."""

import errno
import os
import struct

from tipbridge.foundation.box import linux

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_VERSION = 1
_FILES = (  # rights over files that each version of the interface knows
    (1, 0x1FFF),
    (2, 1 << 13),  # to link and rename across folders
    (3, 1 << 14),  # to cut off
    (5, 1 << 15),  # to control devices
)
_TCP, _TCP_SINCE = 0b11, 4  # to bind, to connect
_SCOPES, _SCOPES_SINCE = 0b11, 6  # abstract sockets, signals
_ABSENT = (errno.ENOSYS, errno.EOPNOTSUPP)


def version() -> int:
    """The version of Landlock's interface here; 0 without Landlock."""
    try:
        return linux.call(_CREATE_RULESET, None, 0, _VERSION)
    except OSError as error:
        if error.errno in _ABSENT or error.errno == errno.EPERM:
            return 0
        raise


def close_files(abi: int) -> None:
    """Take every right from this process that Landlock of this version can take, for ever.

    Errors: OSError when the kernel refuses; a process must not go on then.
    """
    if not abi:
        return
    files = sum(rights for since, rights in _FILES if abi >= since)
    tcp = _TCP if abi >= _TCP_SINCE else 0
    scopes = _SCOPES if abi >= _SCOPES_SINCE else 0
    attributes = struct.pack("=QQQ", files, tcp, scopes)
    size = 24 if scopes else 16 if tcp else 8  # an older kernel refuses what it does not know
    ruleset = linux.call(_CREATE_RULESET, attributes, size, 0)
    try:
        linux.control_process(linux.PR_SET_NO_NEW_PRIVS, 1)
        linux.call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
