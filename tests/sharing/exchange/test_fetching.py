"""How long a fetch waits: for a large package's sealing before its answer begins, not within it."""

import io
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from tipbridge.sharing.exchange.client import PACKAGE_HEADER, Fetched, fetch_package

PATIENCE = 0.2
SEALING = 5 * PATIENCE
LARGEST = 20 * 32 * 1024 * 1024
PACKAGE = "0" * 32
_HEAD = f"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n{PACKAGE_HEADER}: {PACKAGE}\r\n\r\n".encode()


@contextmanager
def _peer(answer: bytes) -> Generator[str]:
    """A peer that is silent while it seals, says this, and nothing more until it is left."""
    left = threading.Event()

    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as asked:
            asked.recv(65536)
            left.wait(SEALING)
            asked.sendall(answer)
            while asked.recv(65536):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        left.set()
        thread.join()


@pytest.mark.parametrize(
    ("came", "found"),
    [(b"sealed", Fetched(package_id=PACKAGE)), (b"sea", Fetched(problem="timeout"))],
)
def test_a_fetch_waits_for_the_sealing_and_for_no_pause_within_the_answer(
    came: bytes, found: Fetched
) -> None:
    sink = io.BytesIO()
    begun = time.monotonic()
    with _peer(_HEAD + came) as url:
        answer = fetch_package(
            url,
            b"{}",
            sink,
            patience_seconds=PATIENCE,
            most_bytes=LARGEST,
            sealing_bytes=LARGEST,
            may_land=lambda _: True,
        )
    assert answer == found
    assert sink.getvalue() == came
    assert time.monotonic() - begun < LARGEST / (32 * 1024 * 1024) / 2
