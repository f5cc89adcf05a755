"""One very large file in a package: what writing and reading need of memory must not grow.

`make large-package` does it with 10 GB; the suite does the same with 300 MiB. Each side runs in
a process of its own, whose highest resident memory the system counts; the sealed bytes go from
one to the other and touch no disk.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.sharing.exchange.packages import salted, statement_of
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.sealing import seal_stream
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.sharing.exchange.model import STATEMENT_TYPE, FileSlot, Header, VerifiedHeader
from tipbridge.sharing.exchange.package import (
    header_bytes,
    package_chunks,
    read_header,
    verify_header,
)
from tipbridge.sharing.exchange.statement import statement_payload
from tipbridge.sharing.exchange.unpacking import PackageReader

MIB = 1024**2
ALLOWED_BYTES = 32 * MIB
_PIECE = bytes(range(256)) * (MIB // 256)
_SENDER, _RECEIVER = "sender.key", "receiver.key"


class Counted:
    """Takes a file's bytes and keeps none."""

    size_bytes = 0

    def write(self, data: bytes, /) -> None:
        """Count the next bytes."""
        self.size_bytes += len(data)


def content(size_bytes: int) -> Iterator[bytes]:
    """A file that is never there as a whole."""
    for _ in range(size_bytes // MIB):
        yield _PIECE
    yield _PIECE[: size_bytes % MIB]


def write(folder: Path, size_bytes: int) -> None:
    """Seal a package with one file of that size to the standard output."""
    digest = hashlib.sha256()
    for chunk in content(size_bytes):
        digest.update(chunk)
    value = {"sha256": digest.hexdigest(), "size_bytes": size_bytes}
    parts = salted([Part(label="files/0/content", value=value, data_class=DataClass.CONTENT)])
    payload = statement_payload(statement_of(parts))
    signed = NodeKeys.load(folder / _SENDER).sign(STATEMENT_TYPE, payload)
    front = header_bytes(Header(envelopes=(signed,), parts=parts))
    recipient = NodeKeys.load(folder / _RECEIVER).exchange_recipient
    seal_stream(recipient, package_chunks(front, [content(size_bytes)]), sys.stdout.buffer)
    sys.stdout.buffer.flush()


def read(folder: Path, size_bytes: int) -> None:
    """Open and check the package that comes on the standard input."""
    card = NodeKeys.load(folder / _SENDER).card("us.clearing", "C", ["police"], synthetic=True)
    sink = Counted()

    def verify(header: bytes) -> VerifiedHeader:
        return verify_header(read_header(header), recipient="us.hsi", cards={card.node_id: card})

    def sink_for(_: FileSlot) -> Counted:
        return sink

    reader = PackageReader(verify, sink_for)
    NodeKeys.load(folder / _RECEIVER).open(sys.stdin.buffer, reader)
    reader.finish()
    if sink.size_bytes != size_bytes:
        raise IntegrityFailure("Another number of bytes came.")


def measured(folder: Path, *, size_bytes: int) -> dict[str, int]:
    """The highest resident memory of each side, in bytes, for a file of that size."""
    for name in (_SENDER, _RECEIVER):
        if not (folder / name).exists():
            NodeKeys.create(folder / name)
    line = [sys.executable, "-m", "tests.sharing.exchange.large", "--folder", str(folder)]
    line += ["--bytes", str(size_bytes), "--side"]
    with (
        subprocess.Popen([*line, "writing"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as one,
        subprocess.Popen([*line, "reading"], stdin=one.stdout, stderr=subprocess.PIPE) as other,
    ):
        told = {"reading": other.communicate()[1], "writing": one.communicate()[1]}
    if one.returncode or other.returncode:
        raise RuntimeError(f"a side failed: {told}")
    return {side: int(json.loads(words)) for side, words in told.items()}


def main() -> int:
    """One side, for `measured`; or the long form, for a person."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--bytes", type=int, default=10 * 10**9, help="the size of the file")
    words.add_argument("--side", choices=["writing", "reading"], help=argparse.SUPPRESS)
    words.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.side is not None:
        (write if given.side == "writing" else read)(given.folder, given.bytes)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        sys.stderr.write(json.dumps(most))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        few = measured(Path(folder), size_bytes=8 * MIB)
        many = measured(Path(folder), size_bytes=given.bytes)
    grown = {side: many[side] - few[side] for side in many}
    for side, most in many.items():
        print(f"{side} {given.bytes:,} bytes: {most // MIB} MiB, {grown[side] / MIB:.1f} MiB more")
    return 0 if max(grown.values()) < ALLOWED_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
