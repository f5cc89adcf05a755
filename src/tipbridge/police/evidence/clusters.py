"""The engine `ray`: readers on the hosts of a Ray cluster digest byte ranges of one image.

What runs there is the walled reader that runs here, over the same files of the image, and the box
that decodes unknown pictures and films; entries go out, digests and hashes come back, and no
content travels. The index of the lists goes to each host once, and is looked into there (ADR 0330);
everything else of an examination stays here.
"""

import hashlib
import os
import socket
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.box.model import Plan
from tipbridge.knowledge.hashes.copies import ListCopy, held_list
from tipbridge.knowledge.hashes.files.actions import likenesses_of
from tipbridge.knowledge.hashes.files.boxes import box_for
from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.knowledge.hashes.indexes import ListIndex
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.lookups import Answers, Take, answers, texts_of
from tipbridge.police.evidence.readers import Reader, ReaderKilled, Readers, checked
from tipbridge.police.evidence.reading import wire
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import Entry
from tipbridge.police.evidence.sources.opening import OpenImage, opened_image

LOCAL = "local"
"""In place of a cluster's address: one that lives as long as this examination."""
MOST_AT_ONCE = 16
"""Images at once: each has its readers of this machine as well, and its medium's digests."""
_SAMPLE_BYTES, _BETWEEN_BYTES = 1024 * 1024, 4096
_SAMPLES, _LEAST_SAMPLES = 1000, 16
_TRIES = 3
_NO_BOX, _KILLED = "no-box", "killed"
LOST = (
    "RayActorError",
    "ObjectLostError",
    "OutOfMemoryError",
    "NodeDiedError",
    "WorkerCrashedError",
    "LocalRayletDiedError",
)
"""What Ray calls it when a worker or its host is gone: one that it ended for its memory is no `RayActorError`."""
_MOST_PORT, _REACH_SECONDS = 65_535, 10.0
Far = Any
"""A handle of Ray's on a `RangeWorker` somewhere."""


class RangeWorker:
    """One walled reader on the host where this was started. Errors: NoImage."""

    def __init__(self, path: str, *, form: str | None = None) -> None:
        self._open = ExitStack()
        self._image = self._open.enter_context(opened_image(Path(path), form=form))
        self._reader = self._open.enter_context(Reader(self._image))
        self._indexes: tuple[ListIndex, ...] = ()

    def about(self) -> list[str]:
        """What must be the same on every host: the program, and the image as far as it is quick."""
        return about(self._image)

    def hold(self, copies: list[ListCopy]) -> None:
        """Look into these from now on, where they lie: in the one copy of this host."""
        self._indexes = tuple(held_list(each) for each in copies)

    def digest(self, batches: list[list[Any]]) -> tuple[list[list[Any]], Answers] | None:
        """Entries out of `wire` to digests for it, and what the index says; None when they killed the reader."""
        try:
            asked = [[wire.entry_in(each) for each in batch] for batch in batches]
            found = self._reader.digest(*asked)
        except ReaderKilled:
            self._reader.restart()
            return None
        said = [wire.digested_out(each, batch) for each, batch in zip(found, asked, strict=True)]
        return said, answers(self._indexes, _texts(found))

    def hashed(self, entry: list[Any], plan: Plan) -> tuple[FileHashes, Answers] | str:
        """What a file hashes to in the box of this process, or the word for why it does not."""
        box = box_for(replace(plan, at_once=1))
        if box is None:
            return _NO_BOX
        wanted = wire.entry_in(entry)
        try:
            content = self._reader.content(wanted)
            try:
                return self._answered(hash_file(box, wanted.path, content))
            finally:
                with suppress(ReaderKilled):  # what nobody wanted must not be the next answer
                    for _ in content:
                        pass
        except ReaderKilled:
            self._reader.restart()
            return _KILLED

    def _answered(self, found: FileHashes) -> tuple[FileHashes, Answers]:
        parts = [replace(found, parts=(each,)) for each in found.parts]
        texts = texts_of(each.digests for each in found.parts)
        return found, answers(self._indexes, texts, map(likenesses_of, parts))

    def mark(self, bad: list[tuple[int, int]]) -> None:
        """Take these ranges for unread."""
        self._reader.mark(bad)

    def close(self) -> None:
        """End the reader."""
        self._open.close()


def _texts(found: Iterable[Iterable[Digested]]) -> list[str]:
    return texts_of(each.digests for batch in found for each in batch)


def about(image: OpenImage) -> list[str]:
    """The program's version; the image's kind; each part's name, length, and digest of pieces of it.

    Shape: its begin, its end and pieces evenly between, for a copy that is still being made has both.
    """
    said = [_version(), image.kind]
    for name, (handle, size) in zip(image.names, image.parts, strict=True):
        digest = hashlib.sha256()
        for at, length in _pieces(size, len(image.parts)) if handle is not None else ():
            try:
                digest.update(os.pread(cast("int", handle), length, at))
            except OSError:  # a bad sector is a matter for the reader
                digest.update(b"unreadable")
        said.append(f"{name} {size} {digest.hexdigest()}")
    return said


def _pieces(size: int, parts: int) -> Iterator[tuple[int, int]]:
    yield 0, _SAMPLE_BYTES
    step = max(_BETWEEN_BYTES, size // max(_LEAST_SAMPLES, _SAMPLES // parts))
    yield from ((at, _BETWEEN_BYTES) for at in range(step, size, step))
    yield max(0, size - _SAMPLE_BYTES), _SAMPLE_BYTES


def _version() -> str:
    try:
        return metadata.version("tipbridge")
    except metadata.PackageNotFoundError:
        return "run from its source, as the bench does"


class FarReader:
    """A reader on some host. One whose host or process is lost is started again elsewhere.

    Errors: NoImage when that host has another image at this path, or another version of the program.
    """

    def __init__(self, begin: Callable[[], Far], get: Callable[[Any], Any], lost: Any) -> None:  # noqa: ANN401 - Ray's
        self._begin, self._get, self._lost = begin, get, lost
        self._worker: Far = None
        self._same: list[str] | None = None
        self._bad: list[tuple[int, int]] = []
        self._index: Any = None
        self._take: Take = lambda _asked, _said: None

    def expect(self, same: list[str]) -> None:
        """Start it, where the image must be this one."""
        self._same = same
        self.restart()

    def mark(self, bad: Sequence[tuple[int, int]]) -> None:
        """Take these ranges for unread, on whatever host it stands."""
        self._bad = list(bad)
        try:
            self._get(self._worker.mark.remote(self._bad))
        except self._lost:
            self.restart()

    def hold(self, index: Any, take: Take) -> None:  # noqa: ANN401 - Ray's
        """Let it look into this index, on whatever host it stands, and tell of what it finds."""
        self._index, self._take = index, take
        try:
            self._get(self._worker.hold.remote(index))
        except self._lost:
            self.restart()

    def digest(self, *batches: Sequence[Entry]) -> list[list[Digested]]:
        """As a reader here does. Errors: ReaderKilled."""
        order = [[wire.entry_out(each) for each in batch] for batch in batches]
        for _ in range(_TRIES):
            try:
                said = self._get(self._worker.digest.remote(order))
            except self._lost:
                self.restart()
                continue
            if said is None:
                break
            found = checked(said[0], batches)
            self._take(_texts(found), said[1])
            return found
        raise ReaderKilled("by what it read, or its host is lost each time")

    def hashed(self, entry: Entry, plan: Plan) -> FileHashes | None:
        """What a file and its members hash to there; None where no box stands.

        Errors: ReaderKilled.
        """
        for _ in range(_TRIES):
            try:
                said = self._get(self._worker.hashed.remote(wire.entry_out(entry), plan))
            except self._lost:
                self.restart()
                continue
            if isinstance(said, tuple):
                found, answered = cast("tuple[FileHashes, Answers]", said)
                self._take(texts_of(each.digests for each in found.parts), answered)
                return found
            if said == _NO_BOX:
                return None
            break
        raise ReaderKilled("by what it read, or its host is lost each time")

    def restart(self) -> None:
        """Start it anew, wherever there is room. Errors: NoImage."""
        for _ in range(_TRIES):
            worker = self._begin()
            try:
                found = self._get(worker.about.remote())
                if self._bad:
                    self._get(worker.mark.remote(self._bad))
                if self._index is not None:
                    self._get(worker.hold.remote(self._index))
            except self._lost:
                continue
            if found != self._same:
                raise NoImage("a host of the cluster has another image there, or another version")
            self._worker = worker
            return
        raise NoImage("no host of the cluster can open it")

    def close(self) -> None:
        """Let it go; Ray ends its process, and the walled reader with it."""
        self._worker = None


class Cluster:
    """A cluster that was reached, for as many images at once as share its cores."""

    def __init__(self, ray: Any, images: int = 1) -> None:  # noqa: ANN401 - the module
        cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._ray = ray
        self.at_once = min(images, cores, MOST_AT_ONCE)
        self._readers = max(1, cores // self.at_once)

    @contextmanager
    def reading(self, image: OpenImage, path: Path) -> Generator[Readers]:
        """Readers of which those that digest stand on the cluster's hosts. Errors: NoImage."""
        ray, same = self._ray, about(image)
        actor = ray.remote(num_cpus=1, scheduling_strategy="SPREAD")(RangeWorker)
        lost = tuple(getattr(ray.exceptions, name) for name in LOST)
        begin = lambda: actor.remote(str(path.absolute()), form=image.kind)  # noqa: E731 - one call
        far = [FarReader(begin, ray.get, lost) for _ in range(self._readers)]
        for each in far:
            each.expect(same)
        here = max(1, len(os.sched_getaffinity(0)) // self.at_once)
        readers = Readers(image, here, far=far, share=ray.put)
        try:
            yield readers
        finally:
            readers.close()


@contextmanager
def joined(address: str, images: int = 1) -> Generator[Cluster]:
    """A cluster for so many images, until the block ends.

    Errors: Invalid without Ray; Conflict when the cluster can't be reached.
    """
    with _cluster(address, len(os.sched_getaffinity(0))) as ray:
        yield Cluster(ray, images)


def over_cluster(address: str) -> Callable[[OpenImage, Path], AbstractContextManager[Readers]]:
    """The engine `ray` at this address, for one `examine_image`.

    Errors: those of `joined`; NoImage.
    """

    @contextmanager
    def reading(image: OpenImage, path: Path) -> Generator[Readers]:
        with joined(address) as cluster, cluster.reading(image, path) as readers:
            yield readers

    return reading


def _reached(address: str) -> None:
    """Whether anybody listens there; Ray would try for minutes. Errors: Invalid; Conflict."""
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > _MOST_PORT:
        raise Invalid(f"A cluster's address is HOST:PORT, or {LOCAL}.")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_REACH_SECONDS).close()
    except OSError as error:
        raise Conflict(f"The Ray cluster at {address} can't be reached.") from error


@contextmanager
def _cluster(address: str, cores: int) -> Generator[Any]:
    if address != LOCAL:
        _reached(address)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # it would tell its maker
    os.environ.setdefault("RAY_worker_niceness", "0")  # its own default is behind everything else
    try:
        import ray  # noqa: PLC0415 - an extra, and a second of loading
    except ModuleNotFoundError as error:
        raise Invalid(
            "The engine ray is not installed: pip install 'tipbridge[ray]', or requirements/ray.lock."
        ) from error
    own = {"include_dashboard": False, "num_cpus": cores, "_node_ip_address": "127.0.0.1"}
    try:
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level="ERROR",
            **(own if address == LOCAL else {}),
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise Conflict(f"The Ray cluster at {address} can't be reached.") from error
    try:
        yield ray
    finally:
        ray.shutdown()
