"""One very large upload to a node as it is run: its memory must stay as it was.

`python -m tests.large_upload --gib 5`; the suite does the same with a quarter of a GiB.
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from tests.tips.intake.ispws import client, code, open_report, upload
from tests.upped import Upped, upped

ALLOWED_BYTES = 64 * 1024**2
MIB = 1024**2
_PIECE = bytes(range(256)) * (MIB // 256)


@contextmanager
def most_resident(house: Upped) -> Generator[list[int]]:
    """The most memory that the web server held while the block ran, as the list's one item."""
    most, over = [house.resident_bytes()], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            most[0] = max(most[0], house.resident_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()
        most[0] = max(most[0], house.resident_bytes())


def form_of(report_id: str, size_bytes: int) -> Iterator[bytes]:
    """An upload's body in pieces: it has no length that could be told beforehand."""
    yield (
        f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    ).encode()
    for _ in range(size_bytes // MIB):
        yield _PIECE
    yield b"\r\n--b--\r\n"


def rise_during_upload(house: Upped, size_bytes: int) -> int:
    """By how much the server's resident memory rose, in bytes, while it took one large file."""
    with client(house.address) as esp:
        esp.timeout = 3600
        report_id = open_report(esp)
        assert code(upload(esp, report_id, _PIECE * 2)) == 0  # what is only loaded once is loaded
        before = house.resident_bytes()
        with most_resident(house) as most:
            answer = esp.post(
                "/upload",
                content=form_of(report_id, size_bytes),
                headers={"Content-Type": "multipart/form-data; boundary=b"},
            )
        assert code(answer) == 0, answer.text
        assert code(esp.post("/finish", data={"id": report_id})) == 0
    return most[0] - before


def main() -> int:
    """The long form, for a person."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--gib", type=int, default=5, help="the size of the file")
    size_bytes = words.parse_args().gib * 1024**3
    with upped() as house:
        begun = time.monotonic()
        rise = rise_during_upload(house, size_bytes)
        took = time.monotonic() - begun
    sys.stdout.write(
        f"{size_bytes / 1024**3:.0f} GiB in {took:.0f} s: resident memory rose by"
        f" {rise / MIB:.1f} MiB (allowed: less than {ALLOWED_BYTES / MIB:.0f} MiB)\n"
    )
    return os.EX_OK if rise < ALLOWED_BYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
