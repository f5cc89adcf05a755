"""A zip archive that was put behind other content: a picture that is an archive as well. Pure.

Source: PKWARE APPNOTE 4.3.16, the end of central directory record: programs look for it from the file's end on.
"""

import re
import struct

_END = struct.Struct("<4s4H2LH")
_END_MARK, HEADER_MARK = b"PK\5\6", b"PK\3\4"
_PATH = re.compile(r".*/\$Behind@\d+(!/.*)?", re.DOTALL)
TAIL_BYTES = 1024 + _END.size
"""How much of each file's end is looked at. A comment may have 64 KiB; a longer one than this hides its archive,
which is a known limit (docs/examining.md)."""


def begin_of_archive(tail: bytes, size: int) -> int | None:
    """Where in a file of this size the archive begins that its last bytes end.

    Shape: None where there is none, it fills the file, or its record can't be; whoever asks looks for
    HEADER_MARK there.
    """
    at = tail.rfind(_END_MARK, max(0, len(tail) - TAIL_BYTES))
    if at < 0 or at + _END.size > len(tail):
        return None
    *_, directory_bytes, directory_at, _ = _END.unpack_from(tail, at)
    begin = size - len(tail) + at - directory_bytes - directory_at
    return begin if 0 < begin < size else None


def path_behind(path: str, begin: int) -> str:
    """What the archive is called that begins at this byte of a file."""
    return f"{path}/$Behind@{begin}"


def is_behind(path: str) -> bool:
    """Whether this names an archive behind other content, or something in one."""
    return _PATH.fullmatch(path) is not None
