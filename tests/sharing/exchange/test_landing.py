"""A package's files are sealed while it is checked: read once, and not there before all of it was seen."""

import hashlib
import io
from dataclasses import replace
from typing import BinaryIO

import httpx2
import pytest

from tests.sharing import net
from tests.sharing.exchange.packages import FILE, PARTS, salted
from tests.sharing.exchange.pairs import Pair
from tipbridge.foundation.base.actors import DOORKEEPER, WORKER
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.identity.sealing import seal_stream
from tipbridge.foundation.storage.files import DiskFiles
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.sharing.exchange import actions, landing, outgoing, spooling
from tipbridge.sharing.exchange.carrying import fetching
from tipbridge.sharing.exchange.package import package_chunks

LARGE = bytes(range(256)) * 4096
_LABEL = "files/0/content"


class _Counted(io.BytesIO):
    """Sealed bytes that know how many of them were read."""

    given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.given += len(found)
        return found


def _sealed(pair: Pair, *, damage: bool = False) -> bytes:
    """A package with one file of a MiB; of which one byte is another, sealed all the same."""
    with open_work(pair.sender, WORKER) as work:
        key_id = work.ids.new()
        work.node.vault.create_key(key_id)
        file = work.node.vault.seal(key_id, "a", LARGE)
    value = {"sha256": hashlib.sha256(LARGE).hexdigest(), "size_bytes": len(LARGE)}
    part = Part(label=_LABEL, value=value, data_class=DataClass.CONTENT)
    draft = replace(pair.draft(), parts=salted([part]), files={_LABEL: file})
    package = pair.sent(pair.queue(draft))
    if not damage:
        with outgoing.sealed_package(pair.sender, package, pair.receiver.card()) as (spool, _, _):
            return spool.read()
    front, sink = pair.sender.vault.read(package.header), io.BytesIO()
    chunks = package_chunks(front, [[LARGE[:-1], b"x"]])
    seal_stream(pair.receiver.card().exchange_recipient, chunks, sink)
    return sink.getvalue()


class _Full(io.FileIO):
    """A file without a name on a disk that has no room."""

    def __init__(self, *_: object) -> None:
        super().__init__("/dev/full", "wb")


def _names(pair: Pair) -> set[str]:
    return {str(path) for path in pair.receiver.vault.folder.rglob("*")}


def test_a_package_is_read_once_and_its_files_are_there(pair: Pair) -> None:
    sealed = _Counted(_sealed(pair))
    with open_work(pair.receiver, DOORKEEPER) as work:
        taken = actions.take_in(work, sealed)
    assert sealed.given == len(sealed.getvalue())
    with open_work(pair.receiver, WORKER) as work:
        kept = actions.received_package(work, taken.package_id)
        assert work.node.vault.read(kept.files[_LABEL]) == LARGE


def test_a_body_goes_to_the_disk_in_few_pieces(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, written = list[int](), vars(spooling)["_written"]

    def counted(spool: BinaryIO, chunk: bytes) -> OSError | None:
        sizes.append(len(chunk))
        return written(spool, chunk)

    monkeypatch.setattr(spooling, "_written", counted)
    sealed = _sealed(pair)
    with net.listening(pair.receiver) as url:
        answer = httpx2.post(url + "/exchange/v1/packages", content=sealed, trust_env=False)
    assert answer.status_code == 200
    assert sum(sizes) == len(sealed)
    assert len(sizes) <= 2 + len(sealed) // (256 * 1024)


def test_a_large_file_that_differs_in_its_last_byte_leaves_nothing(pair: Pair) -> None:
    pair.receive(pair.sealed(pair.queue()))
    before = _names(pair)
    for damage in (True, False):
        sealed = _sealed(pair, damage=damage)
        if not damage:
            sealed = sealed[:-1]
        with pytest.raises(IntegrityFailure):
            pair.receive(sealed)
        assert _names(pair) == before
    again = pair.sealed(pair.queue())
    assert pair.receive(again) == pair.receive(again)


def test_a_large_file_without_room_is_said_by_either_road_and_comes_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only where the disk refuses to begin a file: it fills while one is sealed."""
    sealed = _sealed(pair)
    with net.listening(pair.receiver) as url:
        with monkeypatch.context() as broken:
            broken.setattr(DiskFiles, "create_nameless", _Full)
            answer = httpx2.post(url + "/exchange/v1/packages", content=sealed, trust_env=False)
        assert answer.status_code == 507
    with net.listening(pair.sender) as url:
        net.pin(pair.receiver, pair.sender, url)
        for room, outcome in ((False, "no-room-here"), (True, "received")):
            with monkeypatch.context() as broken:
                if not room:
                    broken.setattr(DiskFiles, "create_nameless", _Full)
                with open_work(pair.receiver, WORKER) as work:
                    fetching.fetch_package(work, peer_id=pair.sender.id)
            assert net.audit(pair.receiver)[-1][2]["outcome"] == outcome


@pytest.mark.parametrize("why", ["many files", "no files without names"])
def test_where_files_cannot_wait_a_package_is_read_twice(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "many files":
        monkeypatch.setattr(landing, "_MOST_AHEAD", 1)
    else:
        monkeypatch.setattr(DiskFiles, "create_nameless", lambda *_: None)
    assert len([part for part in PARTS if part.data_class is DataClass.CONTENT]) > 1
    sealed = _Counted(pair.sealed(package_id := pair.queue()))
    with open_work(pair.receiver, DOORKEEPER) as work:
        actions.take_in(work, sealed)
    assert sealed.given == 2 * len(sealed.getvalue())
    with open_work(pair.receiver, WORKER) as work:
        kept = actions.received_package(work, package_id)
        assert work.node.vault.read(kept.files[_LABEL]) == FILE
