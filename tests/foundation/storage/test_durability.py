"""What is acknowledged survives a power cut; each planted fault is shown to be caught."""

import os
from pathlib import Path

import pyrage
import pytest
from pyrage.x25519 import Identity
from sqlalchemy import event

from tests.disks import SYNCS, PowerCut, RecordingDisk, Step
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.storage.ahead import GroupAhead
from tipbridge.foundation.storage.sealer import SMALL_BYTES
from tipbridge.foundation.storage.vault import Sealed, Vault
from tipbridge.foundation.work import open_work

SIZES = [2_000, SMALL_BYTES + 100_000]


class Bench:
    """A vault on a recorded disk, and the question what of it survives."""

    def __init__(self, folder: Path) -> None:
        self.identity = Identity.generate()
        self.folder = folder
        (folder / "now").mkdir()
        self.disk = RecordingDisk()
        self.vault = Vault(folder / "now" / "vault", self.identity, self.disk)
        self._cuts = 0

    def survivor(self, upto: int | None = None, lost: tuple[int, ...] = ()) -> Vault:
        """The vault as a power cut after `upto` calls leaves it."""
        cut = PowerCut(self.disk.steps[:upto], lost)
        self._cuts += 1
        root = self.folder / f"cut-{self._cuts}"
        root.mkdir()
        cut.restore(self.folder / "now", root)
        return Vault(root / "vault", self.identity)

    def syncs(self, after: int = 0) -> list[int]:
        """The numbers of the calls that make something durable."""
        return [n for n, step in enumerate(self.disk.steps) if n >= after and step.verb in SYNCS]


def _opens(vault: Vault, sealed: Sealed, data: bytes) -> bool:
    try:
        return vault.read(sealed) == data
    except TipbridgeError:
        return False


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_finished_file_survives(bench: Bench, size: int) -> None:
    data = os.urandom(size)
    bench.vault.create_key("r")
    before = len(bench.disk.steps)
    sealed = bench.vault.seal("r", "f", data)
    assert _opens(bench.survivor(), sealed, data)
    assert not _opens(bench.survivor(before), sealed, data)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_without_any_one_of_its_syncs_a_finished_file_would_be_lost(
    bench: Bench, size: int
) -> None:
    data = os.urandom(size)
    bench.vault.create_key("r")
    sealed = bench.vault.seal("r", "f", data)
    syncs = bench.syncs()
    assert len(syncs) == 7, "three folders, the key and its name, the file and its name"
    assert _opens(bench.survivor(), sealed, data)
    for number in syncs:
        redone = [n for n in syncs if n > number and _same(bench.disk.steps, n, number)]
        assert not _opens(bench.survivor(lost=(number, *redone)), sealed, data), (
            f"nothing missed {bench.disk.steps[number]}"
        )


def _same(steps: list[Step], one: int, other: int) -> bool:
    # A later sync of the same folder makes good for an earlier one, as far as the end goes.
    return steps[one].verb == "sync-folder" and steps[one].path == steps[other].path


def test_a_power_cut_at_any_call_leaves_no_half_file(bench: Bench) -> None:
    data = os.urandom(SMALL_BYTES * 3)
    bench.vault.create_key("r")
    sealed = bench.vault.seal("r", "f", data)
    for upto in range(len(bench.disk.steps)):
        survivor = bench.survivor(upto)
        assert survivor.files_of("r") in {(), ("f",)}
        if survivor.files_of("r"):
            assert survivor.read(sealed) == data
        survivor.sweep()
        assert not list(survivor.folder.rglob("*.unfinished"))


def _key_ever_opens(bench: Bench, cut: PowerCut) -> bool:
    for content in cut.contents.values():  # linked or not: what an undelete would find
        try:
            if pyrage.decrypt(content, [bench.identity]).startswith(b"AGE-SECRET-KEY"):
                return True
        except pyrage.DecryptError:
            pass
    return False


def test_a_destroyed_key_stays_destroyed_and_each_sync_is_needed_for_it(bench: Bench) -> None:
    bench.vault.create_key("r")
    sealed = bench.vault.seal("r", "f", b"data")
    before = len(bench.disk.steps)
    bench.vault.destroy_key("r")
    overwritten, unnamed = bench.syncs(after=before)
    assert not _opens(bench.survivor(), sealed, b"data")
    assert not bench.survivor().has_key("r")
    assert not _key_ever_opens(bench, PowerCut(bench.disk.steps))
    assert _key_ever_opens(bench, PowerCut(bench.disk.steps, [overwritten]))
    assert bench.survivor(lost=(unnamed,)).has_key("r")


def test_a_crash_half_way_through_destroying_is_finished_by_doing_it_again(bench: Bench) -> None:
    bench.vault.create_key("r")
    before = len(bench.disk.steps)
    bench.vault.destroy_key("r")
    for upto in range(before, len(bench.disk.steps) + 1):
        survivor = bench.survivor(upto)
        survivor.destroy_key("r")
        assert not survivor.has_key("r")


def test_a_second_name_survives_and_its_sync_is_needed(bench: Bench) -> None:
    bench.vault.create_key("r")
    bench.vault.create_key("c")
    sealed = bench.vault.seal("r", "f", b"data")
    before = len(bench.disk.steps)
    again = bench.vault.rewrap(sealed, "c")
    (needed,) = bench.syncs(after=before)
    assert _opens(bench.survivor(), again, b"data")
    assert not _opens(bench.survivor(lost=(needed,)), again, b"data")


def _receive(bench: Bench, node, data: bytes, *, hasty: bool) -> Sealed:  # a door, in small
    with open_work(node, WORKER) as work:
        sealer = bench.vault.sealer("r", work.ids.new())
        sealer.write(data)
        sealed = sealer.finish()
        if hasty:
            bench.disk.note("answer")
    if not hasty:
        bench.disk.note("answer")
    return sealed


def _answered_but_lost(
    bench: Bench, sealed: Sealed, data: bytes, lost: tuple[int, ...] = ()
) -> list[int]:
    """The numbers of calls after which a power cut loses what was answered."""
    verbs = [step.verb for step in bench.disk.steps]
    return [
        upto
        for upto in range(len(verbs) + 1)
        if "answer" in verbs[:upto]
        and not ("commit" in verbs[:upto] and _opens(bench.survivor(upto, lost), sealed, data))
    ]


@pytest.mark.parametrize("hasty", [False, True], ids=["as the house does", "answer first"])
def test_an_answer_comes_after_the_commit_and_the_fault_is_caught(
    bench: Bench, node, hasty: bool
) -> None:
    event.listen(node.engine, "commit", lambda _: bench.disk.note("commit"))
    bench.vault.create_key("r")
    sealed = _receive(bench, node, b"data", hasty=hasty)
    assert bool(_answered_but_lost(bench, sealed, b"data")) is hasty


def test_an_answer_without_a_sync_is_caught(bench: Bench, node) -> None:
    event.listen(node.engine, "commit", lambda _: bench.disk.note("commit"))
    bench.vault.create_key("r")
    before = len(bench.disk.steps)
    sealed = _receive(bench, node, b"data", hasty=False)
    assert not _answered_but_lost(bench, sealed, b"data")
    for number in bench.syncs(after=before):
        assert _answered_but_lost(bench, sealed, b"data", (number,)), bench.disk.steps[number]


def test_a_group_made_ahead_has_no_name_before_it_is_kept_and_survives_then(bench: Bench) -> None:
    bench.vault.create_key("r")
    data = [os.urandom(size) for size in SIZES]
    before = set(bench.vault.folder.rglob("*"))
    given_up, ahead = (GroupAhead(bench.vault, "g") for _ in range(2))
    for group in (given_up, ahead):
        for number, each in enumerate(data):
            group.sealer(f"file-{number}").write(each)
    given_up.abort()
    assert set(bench.vault.folder.rglob("*")) == before
    first, files = ahead.keep("header", b"front")
    ahead.abort()
    for sealed, each in zip((first, *files), (b"front", *data), strict=True):
        assert _opens(bench.survivor(), sealed, each)
    named = next(n for n, step in enumerate(bench.disk.steps) if step.verb == "name")
    synced = max(n for n in bench.syncs() if n < named)
    assert not _opens(bench.survivor(lost=(synced,)), files[1], data[1])
