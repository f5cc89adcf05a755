"""What of the engine `ray` needs no cluster: workers, lost hosts, another image. `make ray` has one."""

import random
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.knowledge.hashes.files.made import archive, damaged, picture
from tests.knowledge.hashes.lists import activated, listed, loaded, opened
from tests.nodes import CONSOLE
from tests.police.evidence.images import Maker, bmp
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_imaging import report
from tests.tips.enrichment.test_likeness import HEAD, moved
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.knowledge.hashes.files import boxes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.police.evidence import clusters, imaging, lookups
from tipbridge.police.evidence.clusters import LOCAL, FarReader, RangeWorker, about, over_cluster
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.imaging import Engine, Progress, Reading, examine_image
from tipbridge.police.evidence.readers import ReaderKilled, Readers
from tipbridge.police.evidence.reading import wire
from tipbridge.police.evidence.reading.model import Entry, EntryKind, EntryState
from tipbridge.police.evidence.sources.opening import OpenImage, opened_image


class Lost(Exception):
    """What Ray says of a worker whose host is gone."""


HASHED: list[str] = []
"""Paths of what workers hashed."""


class _Call:
    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def remote(self, *given: Any) -> Callable[[], Any]:
        return lambda: self._call(*given)


class Handle:
    """A worker of this process, called as one of Ray's is; lost at the orders that it is told."""

    def __init__(self, worker: RangeWorker, lost_at: list[int]) -> None:
        self._worker, self._lost_at = worker, lost_at
        self.about, self.digest = _Call(worker.about), _Call(self._digest)
        self.hold = _Call(worker.hold)
        self.mark, self.hashed = _Call(worker.mark), _Call(self._hashed)

    def _hashed(self, *given: Any) -> Any:
        self._lost_at[0] -= 1
        if self._lost_at[0] in self._lost_at[1:]:
            raise Lost
        HASHED.append(given[0][0])
        return self._worker.hashed(*given)

    def _digest(self, order: list[list[Any]]) -> Any:
        self._lost_at[0] -= 1
        if self._lost_at[0] in self._lost_at[1:]:
            raise Lost
        return self._worker.digest(order)


def far(path: Path, workers: list[RangeWorker], lost_at: Sequence[int] = ()) -> FarReader:
    orders = [0, *(-each for each in lost_at)]

    def begin() -> Handle:
        workers.append(RangeWorker(str(path)))
        return Handle(workers[-1], orders)

    return FarReader(begin, lambda call: call(), Lost)


def engine(workers: list[RangeWorker], lost_at: Sequence[int]) -> Engine:
    @contextmanager
    def reading(image: OpenImage, path: Path) -> Generator[Readers]:
        one = far(path, workers, lost_at)
        one.expect(about(image))
        readers = Readers(image, 1, far=[one])
        yield readers
        readers.close()

    return reading


@pytest.fixture
def workers() -> Generator[list[RangeWorker]]:
    begun: list[RangeWorker] = []
    yield begun
    for each in begun:
        each.close()


@pytest.fixture
def image(tmp_path: Path) -> Path:
    maker = Maker("fat12", tmp_path / "stick.img").make()
    for number in range(6):
        maker.write(f"p{number}.bmp", bmp(number))
    return maker.path


def test_workers_elsewhere_and_lost_ones_give_the_same_report(
    node: Any, image: Path, workers: list[RangeWorker]
) -> None:
    listed(node, "known", *(sha256(bmp(number)) for number in range(3)))
    case = a_case(node)
    here, there = (an_exhibit(node, CONSOLE, case, mark=mark) for mark in ("a", "b"))
    done = examine_image(node, CONSOLE, here.id, image=image)
    examine_image(node, CONSOLE, there.id, image=image, engine=engine(workers, [1]))
    assert done.findings == 3
    assert report(node, there.id) == report(node, here.id)
    assert len(workers) == 2


def test_unknown_pictures_are_decoded_where_the_readers_stand(
    node: Any, workers: list[RangeWorker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIPBRIDGE_BOX_WALLS", "kernel")
    maker = Maker("fat16", tmp_path / "stick.img").make()
    files = {"A.JPG": picture(), "B.PNG": picture(77, form="PNG"), "ALL.ZIP": archive()}
    for name, data in {**files, "LISTED.JPG": picture(79), "CUT.JPG": damaged()}.items():
        maker.write(name, data)
    image = hash_file(boxes.box_of(node.settings), "a", picture()).itself.picture
    assert image is not None
    known = f"sha256,{sha256(picture(79))},B2,,,"
    listed(node, "national", HEAD, f"pdq,{moved(image.pdq, 10)},A1,file 1,90,", known)
    case = a_case(node)
    here, there, nowhere = (an_exhibit(node, CONSOLE, case, mark=mark) for mark in "abc")
    examine_image(node, CONSOLE, here.id, image=maker.path)
    HASHED.clear()
    examine_image(node, CONSOLE, there.id, image=maker.path, engine=engine(workers, [2]))
    assert {path.removeprefix("volume/") for path in HASHED} == {*files, "CUT.JPG"}
    said = report(node, here.id)
    assert report(node, there.id) == said
    assert len(workers) == 2, "one was lost at a picture, and cost that order alone"
    monkeypatch.setattr(clusters, "box_for", lambda _plan: None)
    examine_image(node, CONSOLE, nowhere.id, image=maker.path, engine=engine(workers, []))
    assert report(node, nowhere.id) == said, "a host without a box leaves it to this one"


def test_lists_are_looked_into_where_the_readers_stand(
    node: Any, workers: list[RangeWorker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command asks its own index about nothing that a host digested or decoded."""
    monkeypatch.setenv("TIPBRIDGE_BOX_WALLS", "kernel")
    maker = Maker("fat16", tmp_path / "stick.img").make()
    for name, data in {"A.JPG": picture(), "B.JPG": picture(79), "ALL.ZIP": archive()}.items():
        maker.write(name, data)
    image = hash_file(boxes.box_of(node.settings), "a", picture()).itself.picture
    assert image is not None
    known = f"sha256,{sha256(picture(79))},B2,,,"
    listed(node, "national", HEAD, f"pdq,{moved(image.pdq, 10)},A1,file 1,90,", known)
    case = a_case(node)
    here, there = (an_exhibit(node, CONSOLE, case, mark=mark) for mark in "ab")
    examine_image(node, CONSOLE, here.id, image=maker.path)
    asked: list[Any] = []

    def counted(indexes: Any, texts: Any = (), likenesses: Any = ()) -> lookups.Answers:
        texts, likenesses = list(texts), list(likenesses)
        asked.extend([*texts, *(each for each in likenesses if each)])
        return answers(indexes, texts, likenesses)

    answers = lookups.answers
    monkeypatch.setattr(lookups, "answers", counted)
    examine_image(node, CONSOLE, there.id, image=maker.path, engine=engine(workers, [3]))
    of_files = {
        text
        for each in report(node, there.id)
        if each.get("place") != "slack"  # zeros behind several files are digested as one, here
        for text in (each.get("md5"), each.get("sha1"), each.get("sha256"))
    }
    assert not of_files & set(asked)
    assert not [each for each in asked if not isinstance(each, str)], "likenesses"
    assert len(workers) == 2, "the one that was lost was given the index anew"
    found: list[Any] = report(node, there.id)
    assert found == report(node, here.id)
    hits = [hit for each in found if each.get("is") == "processed" for hit in each["hits"]]
    assert {hit["by"] for hit in hits} >= {"digest", "as-it-is"}


@pytest.mark.parametrize("is_far", [False, True])
def test_a_list_that_changes_meanwhile_holds_from_the_next_step_on(
    node: Any,
    image: Path,
    workers: list[RangeWorker],
    is_far: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One rule wherever files are read: a step is judged by the lists in effect at its end."""
    one = opened(node, "early")
    loaded(node, one, "early", *(sha256(bmp(number)) for number in range(6)))
    activated(node, "early")
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    monkeypatch.setattr(imaging, "_BATCH_ENTRIES", 2)
    changed: list[int] = []

    def tell(progress: Progress) -> None:
        if progress.at is Reading.FILES and progress.findings and not changed:
            changed.append(progress.findings)
            listed(node, "late", *(sha256(bmp(number)) for number in range(6)))
            two = opened(node, "helper")
            loaded(node, two, "early", *(sha256(bmp(number)) for number in range(6)), mode="remove")
            loaded(node, two, "early", sha256(b"another"))
            activated(node, "early")

    examine_image(
        node, CONSOLE, exhibit.id, image=image, tell=tell, checkpoint_entries=1,
        engine=engine(workers, []) if is_far else None,
    )  # fmt: skip
    lines: list[Any] = report(node, exhibit.id)
    lists = [
        {hit["list"] for hit in each["hits"]}
        for each in lines
        if each.get("is") == "processed" and each.get("hits")
    ]
    assert len(lists) == 6
    assert 0 < changed[0] < 6
    assert lists.count({"early"}) == changed[0]
    assert lists.count({"late"}) == 6 - changed[0]


def test_what_loses_every_worker_is_said_and_not_tried_for_ever(
    image: Path, workers: list[RangeWorker]
) -> None:
    with opened_image(image) as opened:
        reader = far(image, workers, range(1, 9))
        reader.expect(about(opened))
    with pytest.raises(ReaderKilled):
        reader.digest([])
    assert len(workers) == 4


@pytest.mark.parametrize("name", ["RayActorError", "OutOfMemoryError", "NodeDiedError"])
def test_whatever_ray_calls_a_lost_worker_costs_its_order_alone(
    image: Path, workers: list[RangeWorker], name: str
) -> None:
    orders = [0, -1]

    def begin(path: str, *, form: str | None) -> Handle:
        workers.append(RangeWorker(path, form=form))
        return Handle(workers[-1], orders)

    kinds = {each: Lost if each == name else type(each, (Exception,), {}) for each in clusters.LOST}
    ray = SimpleNamespace(
        exceptions=SimpleNamespace(**kinds),
        cluster_resources=lambda: {"CPU": 1},
        remote=lambda **_how: lambda _worker: SimpleNamespace(remote=begin),
        get=lambda call: call(),
        put=list,
    )
    with opened_image(image) as opened, clusters.Cluster(ray).reading(opened, image) as readers:
        with readers.one() as reader:
            entries = [each for each in reader.walk() if each.path.endswith(".bmp")]
        (found,) = readers.digest([entries])
    assert len(workers) == 2
    assert [each.digests is not None for each in found] == [True] * 6


def test_a_host_with_an_image_that_is_still_being_copied_is_refused(
    workers: list[RangeWorker], tmp_path: Path
) -> None:
    whole = tmp_path / "whole" / "stick.img"
    there = tmp_path / "there" / "stick.img"
    for each in (whole, there):
        each.parent.mkdir()
    data = random.Random(7).randbytes(6 << 20)
    end = bytes(2 << 20)  # a medium that is empty at its end
    whole.write_bytes(data + end)
    there.write_bytes(
        data[: 5 << 20] + bytes(1 << 20) + end
    )  # its room is taken before its bytes come
    with opened_image(whole) as opened, pytest.raises(NoImage, match="another image"):
        far(there, workers).expect(about(opened))


def test_a_host_with_another_image_at_the_path_is_refused(
    image: Path, workers: list[RangeWorker], tmp_path: Path
) -> None:
    other = tmp_path / "other.img"
    other.write_bytes(image.read_bytes()[:-1] + b"x")
    with opened_image(image) as opened, pytest.raises(NoImage, match="another image"):
        far(other, workers).expect(about(opened))


def test_a_worker_says_when_its_reader_was_killed(
    image: Path, workers: list[RangeWorker], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = RangeWorker(str(image))
    workers.append(worker)
    entry = Entry(
        path="a",
        kind=EntryKind.FILE,
        state=EntryState.PRESENT,
        size=512,
        volume=0,
        runs=((0, 512),),
    )
    order = [[wire.entry_out(entry)]]
    assert worker.digest(order) is not None
    worker._reader.kill()
    assert worker.digest(order) is None
    assert worker.digest(order) is not None


def test_without_ray_the_engine_says_how_to_get_it(
    node: Any, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    with pytest.raises(Invalid, match="not installed"):
        examine_image(node, CONSOLE, exhibit.id, image=image, engine=over_cluster(LOCAL))


@pytest.mark.parametrize(
    ("address", "error", "why"),
    [
        ("127.0.0.1:9", Conflict, "can't be reached"),
        ("cluster.example", Invalid, "HOST:PORT"),
        ("cluster.example:ray", Invalid, "HOST:PORT"),
        ("127.0.0.1:70000", Invalid, "HOST:PORT"),
    ],
)
def test_a_cluster_that_is_not_there_is_named(
    image: Path, address: str, error: type[Exception], why: str
) -> None:
    with (
        opened_image(image) as opened,
        pytest.raises(error, match=why),
        over_cluster(address)(opened, image),
    ):
        pass
