"""Walled readers as the examination uses them: orders out, entries and digests in.

A reader that a medium kills is started again; what killed it is said, and the rest goes on.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Protocol, Self

from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.box.model import Plan
from tipbridge.knowledge.hashes.copies import ListCopy
from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.lookups import Lookups, Take
from tipbridge.police.evidence.reading import wire
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import Entry, EntryFault, Place
from tipbridge.police.evidence.sources.model import Gap, GapReason, StoredDigests, joined
from tipbridge.police.evidence.sources.opening import OpenImage

_PROGRAM = """\
import json, sys
sys.path[:0] = [path for path in json.loads(sys.argv[3]) if path not in sys.path]
from tipbridge.police.evidence.reading.worker import main
main()
"""
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "MALLOC_ARENA_MAX": "1"}
TOGETHER, _MANY = 4, 32
"""Batches in one order where there are many: the more files at once, the quicker each."""
ORDER_SECONDS, SLOWEST_BYTES_A_SECOND = 1800.0, 1024 * 1024
"""How long a message of a reader may take; of the whole medium, as long as a slow disk does."""
_TOLD_BYTES = 64 * 1024 * 1024
"""After so many bytes of a medium it is said how far its digest is; a multiple of a mebibyte."""
TellBytes = Callable[[int], None]
_KEPT = ("NUMBA_CACHE_DIR",)
_UNTOLD = (ValueError, TypeError, KeyError, IndexError)


class ReaderKilled(IntegrityFailure):
    """The walled reader ended, or said what no reader says."""

    def __init__(self, why: str) -> None:
        super().__init__(f"What reads the medium can't go on: {why}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutImage:
    """What an image says of itself. Unit: bytes of the medium."""

    kind: str
    size_bytes: int
    stored: StoredDigests
    notes: tuple[str, ...]
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRead:
    """The whole medium, read once: digests by their names with gaps as zeros, and the gaps."""

    digests: Mapping[str, str]
    gaps: tuple[Gap, ...]


class Reader:
    """One walled process over one image."""

    def __init__(self, image: OpenImage) -> None:
        self._image = image
        self._bad: Sequence[tuple[int, int]] = ()
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        parts, paths = (
            json.dumps(self._image.parts),
            json.dumps([p for p in sys.path if p[:1] == "/"]),
        )
        process = subprocess.Popen(  # noqa: S603 - our own command line, never through a shell
            [sys.executable, "-I", "-B", "-c", _PROGRAM, self._image.kind, parts, paths],
            cwd="/",
            env=_ENVIRONMENT | {name: os.environ[name] for name in _KEPT if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=self._image.handles,
        )
        self._process = process
        try:
            said = self._hear()
        except ReaderKilled as error:
            self.close()
            raise NoImage("it ends the reader that opens it") from error
        if "fault" in said:
            self.close()
            raise NoImage(str(said["fault"])[:200])
        return process

    def about(self) -> AboutImage:
        """What the image says of itself."""
        said = self._ask({"do": "about"})
        stored = StoredDigests(md5=_text(said["md5"]), sha1=_text(said["sha1"]))
        return AboutImage(
            kind=str(said["kind"])[:20],
            size_bytes=int(said["size_bytes"]),
            stored=stored,
            notes=tuple(str(note)[:200] for note in said["notes"][:100]),
            header=tuple(str(each)[:300] for each in said["header"][:30]),
        )

    def stored_notes(self) -> tuple[str, ...]:
        """What the container's own checksum says of it, which is read whole. Errors: ReaderKilled."""
        said = self._ask({"do": "stored"}, self._seconds_of_all())
        return tuple(str(note)[:200] for note in said[:10])

    def walk(self, around: Sequence[Place] = (), *, carefully: bool = False) -> Iterator[Entry]:
        """Every entry of the medium. Errors: ReaderKilled; what was listed then is not all.

        Shape: carefully, it goes around these places and says in `at` where it stands.
        """
        self.at: Place | None = None
        places = [wire.place_out(each) for each in around]
        self._tell({"do": "walk", "around": places, "carefully": carefully})
        while said := self._hear():
            if isinstance(said, dict):
                self.at = wire.place_in(said["at"])
            else:
                yield from map(wire.listed_in, said)

    def mark(self, bad: Sequence[tuple[int, int]]) -> None:
        """Take these ranges for unread, whatever the image has there. Errors: ReaderKilled."""
        self._bad = bad
        self._ask({"do": "bad", "ranges": bad})

    def segments(self, length: int) -> list[str]:
        """The SHA-256 of the medium, segment by segment. Errors: ReaderKilled."""
        said = self._ask({"do": "segments", "length": length}, self._seconds_of_all())
        try:
            return [wire.hexadecimal(each, "sha256") for each in said]
        except _UNTOLD as error:
            raise ReaderKilled("a digest that can't be") from error

    def digest(self, *batches: Sequence[Entry]) -> list[list[Digested]]:
        """Batch by batch the entries with their digests, and what was carved.

        Errors: ReaderKilled.
        """
        entries = [[wire.entry_out(each) for each in batch] for batch in batches]
        return checked(self._ask({"do": "digest", "batches": entries}), batches)

    def content(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of one entry, to be fed to the box. Errors: ReaderKilled."""
        self._tell({"do": "content", "entry": wire.entry_out(entry)})
        while length := self._hear():
            stream = self._process.stdout
            data = stream.read(length) if stream is not None else b""
            if len(data) < length:
                raise ReaderKilled("bytes are missing")
            yield data

    def media(
        self, *names: str, tell: TellBytes | None = None, every: int = _TOLD_BYTES
    ) -> MediaRead:
        """The whole medium, to these digests; says now and then how far it is. Errors: ReaderKilled."""
        seconds = self._seconds_of_all()
        self._tell({"do": "media", "digests": names, "every": every})
        said = self._hear(seconds)
        try:
            while "read" in said:
                if tell is not None:
                    tell(int(said["read"]))
                said = self._hear(seconds)
            digests = {name: wire.hexadecimal(said["digests"][name], name) for name in names}
            gaps = [
                Gap(offset=int(at), length=int(length), reason=GapReason(reason))
                for at, length, reason in said["gaps"]
            ]
        except _UNTOLD as error:
            raise ReaderKilled("a digest that can't be") from error
        return MediaRead(digests=digests, gaps=tuple(gaps))

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def kill(self) -> None:
        """End the process as a medium might."""
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        """Start the process again after it was killed."""
        self.close()
        self._process = self._start()
        if self._bad:
            self._ask({"do": "bad", "ranges": self._bad})

    def _seconds_of_all(self) -> float:
        return ORDER_SECONDS + self.about().size_bytes / SLOWEST_BYTES_A_SECOND

    def _ask(self, order: dict[str, Any], seconds: float | None = None) -> Any:  # noqa: ANN401 - checked by who asked
        self._tell(order)
        return self._hear(seconds)

    def _tell(self, order: dict[str, Any]) -> None:
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(wire.line(order))
            stream.flush()
        except OSError as error:
            raise ReaderKilled("it ended") from error

    def _hear(self, seconds: float | None = None) -> Any:  # noqa: ANN401 - checked by who asked
        """The next message; a reader that takes longer than one may is ended."""
        stream = self._process.stdout
        assert stream is not None
        watch = threading.Timer(seconds or ORDER_SECONDS, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            text = stream.readline(wire.MOST_LINE_BYTES)
        finally:
            watch.cancel()
        if not text.endswith(b"\n"):
            raise ReaderKilled("it ended")
        return json.loads(text)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):  # what it did not take any more
                    stream.close()

    def __enter__(self) -> Self:
        """The reader itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.close()


class Digesting(Protocol):
    """A reader here, or one on another host."""

    def digest(self, *batches: Sequence[Entry]) -> list[list[Digested]]:
        """What the batches' entries are. Errors: ReaderKilled."""
        ...

    def mark(self, bad: Sequence[tuple[int, int]]) -> None:
        """Take these ranges for unread."""
        ...

    def restart(self) -> None:
        """Start it again after it was killed."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class FarDigesting(Digesting, Protocol):
    """A reader on another host, which has a box and a copy of the index there."""

    def hold(self, index: Any, take: Take) -> None:  # noqa: ANN401 - as `share` gave it
        """Look into this index what is read there, and tell of it."""
        ...

    def hashed(self, entry: Entry, plan: Plan) -> FileHashes | None:
        """What a file and its members hash to in a box of this plan; None where none stands.

        Errors: ReaderKilled.
        """
        ...


class Readers:
    """As many readers as the machine has cores, which digest batches side by side.

    Shape: where there are `far` ones, they digest, and those here do the rest.
    """

    def __init__(
        self,
        image: OpenImage,
        count: int,
        far: Sequence[FarDigesting] = (),
        *,
        share: Callable[[list[ListCopy]], Any] = list,
    ) -> None:
        self.count, self._far, self._share_copies = count, far, share
        self._free: queue.SimpleQueue[Reader] = queue.SimpleQueue()
        here = [Reader(image) for _ in range(count)]
        for reader in here:
            self._free.put(reader)
        self._all: list[Digesting] = [*here, *far]
        self._orders = len(far) or count
        self._digesting: queue.SimpleQueue[Any] = queue.SimpleQueue() if far else self._free
        for each in far:
            self._digesting.put(each)

    def hold(self, lookups: Lookups) -> None:
        """Give every reader elsewhere the index of a pass: one copy is shared, whoever reads it."""
        if self._far:
            shared = self._share_copies(lookups.copies())
            for each in self._far:
                each.hold(shared, lookups.take)

    @property
    def at_once(self) -> int:
        """How many files can be looked at side by side."""
        return self._orders

    def hashed_far(self, entry: Entry, plan: Plan) -> FileHashes | None:
        """What a file hashes to on another host; None where there is none, or it has no box.

        Errors: ReaderKilled.
        """
        if not self._far:
            return None
        reader: FarDigesting = self._digesting.get()
        try:
            return reader.hashed(entry, plan)
        finally:
            self._digesting.put(reader)

    def digest(self, batches: Sequence[Sequence[Entry]]) -> Iterator[list[Digested]]:
        """The batches' results in the batches' order; no more than two orders a reader wait."""
        together = TOGETHER if len(batches) >= _MANY * self._orders else 1
        with ThreadPoolExecutor(self._orders) as pool:
            waiting: deque[Future[list[list[Digested]]]] = deque()
            for order in _orders(batches, together):
                waiting.append(pool.submit(self._order, order))
                if len(waiting) >= 2 * self._orders:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()

    def media(self, tell: TellBytes | None = None) -> MediaRead:
        """The whole medium to all three digests, by two readers where there are as many.

        Shape: MD5 takes as long as the other two. Errors: ReaderKilled.
        """
        shares = [("md5",), ("sha1", "sha256")] if self.count > 1 else [("md5", "sha1", "sha256")]
        with ThreadPoolExecutor(len(shares)) as pool:
            read = list(pool.map(self._share, shares, [tell, None]))
        digests = {name: text for each in read for name, text in each.digests.items()}
        gaps = joined([gap for each in read for gap in each.gaps])
        return MediaRead(digests=digests, gaps=tuple(gaps))

    def mark(self, bad: Sequence[tuple[int, int]]) -> None:
        """Let every reader take these ranges for unread. Errors: ReaderKilled."""
        for reader in self._all if bad else ():
            reader.mark(bad)

    def _share(self, names: Sequence[str], tell: TellBytes | None) -> MediaRead:
        with self.one() as reader:
            try:
                return reader.media(*names, tell=tell)
            except ReaderKilled:
                reader.restart()
                return reader.media(*names, tell=tell)

    def _order(self, batches: Sequence[Sequence[Entry]]) -> list[list[Digested]]:
        reader: Digesting = self._digesting.get()
        try:
            found = reader.digest(*batches)
        except ReaderKilled:
            reader.restart()
            return [[one for each in batch for one in _alone(reader, each)] for batch in batches]
        finally:
            self._digesting.put(reader)
        return found

    @contextmanager
    def one(self) -> Generator[Reader]:
        """A reader for whoever wants an entry's bytes."""
        reader = self._free.get()
        try:
            yield reader
        finally:
            self._free.put(reader)

    def close(self) -> None:
        """End all."""
        for reader in self._all:
            reader.close()


def _orders(
    batches: Sequence[Sequence[Entry]], together: int
) -> Iterator[Sequence[Sequence[Entry]]]:
    """So many batches at once, but fewer where their entries lie in very many pieces."""
    order: list[Sequence[Entry]] = []
    for batch in batches:
        order.append(batch)
        many = sum(len(entry.runs) for each in order for entry in each) >= wire.MANY_RUNS
        if len(order) >= together or many:
            yield order
            order = []
    if order:
        yield order


def _alone(reader: Digesting, entry: Entry) -> list[Digested]:
    try:
        return reader.digest([entry])[0]
    except ReaderKilled:
        reader.restart()
        return [Digested(entry=replace(entry, fault=EntryFault.READER_KILLED))]


def checked(said: Any, batches: Sequence[Sequence[Entry]]) -> list[list[Digested]]:  # noqa: ANN401 - out of the walls
    """Digests of these batches as they arrived. Errors: ReaderKilled for what can't be."""
    try:
        return [
            [wire.digested_in(each, batch) for each in answers]
            for answers, batch in zip(said, batches, strict=True)
        ]
    except _UNTOLD as error:
        raise ReaderKilled("a digest that can't be") from error


def _text(value: Any) -> str | None:  # noqa: ANN401 - out of the walls
    if value is not None and not isinstance(value, str):
        raise IntegrityFailure("A reader says what no image can say.")
    return value


@contextmanager
def reading(image: OpenImage, count: int) -> Generator[Readers]:
    """Readers over an image, ended when the block is. Errors: NoImage."""
    readers = Readers(image, count)
    try:
        yield readers
    finally:
        readers.close()
