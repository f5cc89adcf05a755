"""Wires that carry the bytes of mutual TLS untouched: all that they can do is lose them, here or there."""

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.sharing.exchange.histories.wires import Way

_PIECE_BYTES = 16 * 1024
_FRONT_BYTES = 3000
"""More than a client says before its package, and less than that with any."""
_IDLE_SECONDS = 15
WAYS = (Way.PASS, Way.CUT, Way.DEAF, Way.HOLD)
"""What can be done with bytes that nobody reads; what is doubled or comes later counts in no other connection."""


@dataclass
class Cable:
    """One direction between two nodes, at the level of bytes."""

    target: tuple[str, int]
    way: Way = Way.PASS
    held: tuple[()] = ()
    """Nothing waits in it."""
    lost: Counter[Way] = field(default_factory=Counter)
    """How often something was lost on each way."""

    def let_go(self, *_: object) -> None:
        """Nothing."""

    def connect(self, caller: socket.socket) -> None:
        """Carry one connection, as the cable is at its begin."""
        way = self.way
        if way is Way.CUT:
            self.lost[way] += 1
            return
        with contextlib.suppress(OSError), socket.create_connection(self.target, 5) as called:
            for end in (caller, called):
                end.settimeout(_IDLE_SECONDS)
            asked = threading.Event()
            back = threading.Thread(target=self._answer, args=(called, caller, way, asked))
            back.start()
            self._ask(caller, called, way, asked)
            back.join()

    def _ask(
        self, caller: socket.socket, called: socket.socket, way: Way, asked: threading.Event
    ) -> None:
        """To the gate: all of it, or, when it is held, only the front of the package."""
        sent = 0
        with contextlib.suppress(OSError):
            while piece := caller.recv(_PIECE_BYTES):
                room = _FRONT_BYTES - sent
                sent += len(piece)
                if sent > _FRONT_BYTES:
                    asked.set()
                if way is Way.HOLD and sent > _FRONT_BYTES:
                    self.lost[way] += 1
                    called.sendall(piece[:room])
                    break
                called.sendall(piece)
        with contextlib.suppress(OSError):
            called.shutdown(socket.SHUT_RDWR if way is Way.HOLD else socket.SHUT_WR)

    def _answer(
        self, called: socket.socket, caller: socket.socket, way: Way, asked: threading.Event
    ) -> None:
        """Back: all of it, or, when it is deaf, the handshake alone."""
        with contextlib.suppress(OSError):
            while piece := called.recv(_PIECE_BYTES):
                if way is Way.DEAF and asked.is_set():
                    self.lost[way] += 1
                    break
                caller.sendall(piece)
        for end in (caller, called):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def laid(cable: Cable) -> Iterator[str]:
    """Listen for a sender; the address at which its peer's gate seems to be."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threads: list[threading.Thread] = []

        def carry(call: socket.socket) -> None:
            with call:
                cable.connect(call)

        def take_calls() -> None:
            with contextlib.suppress(OSError):
                while True:
                    call, _ = listener.accept()
                    threads.append(threading.Thread(target=carry, args=(call,)))
                    threads[-1].start()

        taking = threading.Thread(target=take_calls)
        taking.start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            taking.join()
            for each in threads:
                each.join()
