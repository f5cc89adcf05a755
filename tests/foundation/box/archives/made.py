"""Archives of the tests: honest ones by Python's library, hostile ones byte by byte."""

import dataclasses
import hashlib
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

from tipbridge.foundation.box.archives.model import Caps
from tipbridge.foundation.box.archives.opening import archive_kind, open_window
from tipbridge.foundation.box.archives.walk import Walk

ENTRY = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
END = struct.Struct("<4s4H2LH")


def listed(data: bytes, **caps: float) -> dict:
    """What a walk tells of these bytes, here in this process: digests alone."""
    return listed_source(io.BytesIO(data), **caps)


def listed_source(source: BinaryIO, **caps: float) -> dict:
    """The same of what may be no more than a stream."""
    allowed = Caps(**caps)  # type: ignore[arg-type]
    window = open_window(source, allowed.source_bytes)
    kind = archive_kind(window)
    walk = Walk(kind, allowed)
    walk.into(window, kind)
    return dataclasses.asdict(walk.listing)


def digests(data: bytes) -> dict[str, str]:
    """The three digests as the listing gives them."""
    return {name: hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256")}


def member(path: list[str], data: bytes, *notes: str) -> dict:
    """A member as the listing gives it."""
    return {"path": path, "size_bytes": len(data), "notes": list(notes), **digests(data)}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An honest zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    """An honest tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def deflated(data: bytes) -> bytes:
    """A bare deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def local(name: bytes, packed: bytes, *, size: int, crc: int, method: int = 8, flags: int = 0):
    """A local header and its bytes."""
    head = LOCAL.pack(b"PK\3\4", 20, flags, method, 0, 0, crc, len(packed), size, len(name), 0)
    return head + name + packed


def central(
    name: bytes, *, packed: int, size: int, crc: int, at: int, method: int = 8, flags: int = 0,
    extra: bytes = b"",
) -> bytes:  # fmt: skip
    """A line of the directory."""
    return (
        ENTRY.pack(
            b"PK\1\2", 20, 20, flags, method, 0, 0, crc, packed, size, len(name), len(extra), 0, 0,
            0, 0, at,
        )
        + name
        + extra
    )  # fmt: skip


def ended(body: bytes, directory: bytes, count: int, comment: bytes = b"") -> bytes:
    """A whole zip of its parts."""
    end = END.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(body), len(comment))
    return body + directory + end + comment


def bomb_of_overlaps(times: int, zeros: int) -> bytes:
    """Many lines of the directory over the same packed bytes."""
    data = bytes(zeros)
    packed, crc = deflated(data), zlib.crc32(data)
    body = local(b"0", packed, size=zeros, crc=crc)
    lines = [
        central(b"%d" % number, packed=len(packed), size=zeros, crc=crc, at=0)
        for number in range(times)
    ]
    return ended(body, b"".join(lines), times)


def nested(depth: int, core: bytes) -> bytes:
    """A zip in a zip in a zip."""
    for level in range(depth):
        core = zipped({f"{level}.zip": core})
    return core
