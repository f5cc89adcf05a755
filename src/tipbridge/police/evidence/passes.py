"""Verbs on passes over an image or a folder: begin or go on, keep what was found, finish.

Each is a unit of work of its own, so that an examination that is killed goes on where it was.
"""

from collections.abc import Sequence
from importlib import metadata

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.evidence import store
from tipbridge.police.evidence.acquired import Held
from tipbridge.police.evidence.begun import opened_now
from tipbridge.police.evidence.chain import exhibit_seen, said
from tipbridge.police.evidence.errors import BegunOtherwise, OutOfTurn, SourceChanged
from tipbridge.police.evidence.hits import Seen
from tipbridge.police.evidence.holding import hold_findings
from tipbridge.police.evidence.judging import judged, left_out
from tipbridge.police.evidence.lookups import Lookups
from tipbridge.police.evidence.model import (
    Checkpoint,
    Examination,
    Pass,
    PassCounts,
    Running,
    SkippedEntry,
    SourceFacts,
    UnreadRange,
)
from tipbridge.police.evidence.readings import GivenUp, Opening
from tipbridge.police.evidence.searched import keep_searched
from tipbridge.police.evidence.verdicts import NOT_OPENED, Outcome, doubts_on, verdict_of

_EXAMINING = (Role.EXAMINER,)
_TOOLS = ("tipbridge", "pytsk3", "libfsapfs-python")
CONTAINER_TOOLS = {
    "vmdk": "libvmdk-python",
    "vhd": "libvhdi-python",
    "vhdx": "libvhdi-python",
    "dmg": "libmodi-python",
}
"""What reads a container; one without an entry is read by our own code."""


@action("evidence.pass.begun", roles=_EXAMINING)
def begin_pass(
    work: Work,
    exhibit_id: str,
    facts: SourceFacts,
    *,
    reason: str | None = None,
    opened: Opening | None = None,
    sorted_material: bool = False,
) -> Running:
    """Begin to examine an image or a folder, or go on where an examination of it stopped.

    Shape: `opened` is what `open_medium` gave; without it the source is opened here.
    Errors: NotFound; SourceChanged when one of this image was begun and it is another now;
    BegunOtherwise when it was begun under another statement or by another program; OutOfTurn when
    it was given up meanwhile;
    CustodyBroken when the actor does not hold the exhibit and no reason is stated.
    """
    exhibit_seen(work, exhibit_id)
    store.lock_exhibit(work.db, exhibit_id)
    for begun in store.open_passes(work.db, exhibit_id):
        if begun.facts.source == facts.source and begun.examiner == work.actor.name:
            if begun.facts != facts:
                raise SourceChanged(begun.id)
            _check_alike(begun, _tool(facts), sorted_material=sorted_material)
            reached = store.last_checkpoint(work.db, begun.id)
            kept = 0 if reached is None else reached.entries
            keep_searched(work, begun.id, exhibit_id, since_entries=kept)
            work.record(exhibit_id, examination=begun.id, resumed=True)
            return Running(begun=begun, reached=reached)
    if opened is None:
        opened = opened_now(work, exhibit_id, source=facts.source, reason=reason)
    elif store.open_opening(work.db, opened.id) is None:
        raise OutOfTurn(opened.id)
    begun = Pass(
        id=opened.id,
        exhibit_id=exhibit_id,
        at=work.now,
        examiner=work.actor.name,
        tool=_tool(facts),
        facts=facts,
        sorted_material=sorted_material,
    )
    store.insert_pass(work.db, begun)
    keep_searched(work, begun.id, exhibit_id, since_entries=0)
    work.record(
        exhibit_id,
        examination=begun.id,
        resumed=False,
        source_sha256=facts.sha256,
        custody=opened.custody,
    )
    return Running(begun=begun, reached=None)


def _check_alike(begun: Pass, tool: str, *, sorted_material: bool) -> None:
    """Errors: BegunOtherwise, for what comes out would be of two kinds."""
    if begun.tool != tool:
        raise BegunOtherwise(begun.id, f"by {begun.tool}", tool)
    if begun.sorted_material is not None and begun.sorted_material != sorted_material:
        words = ("without --sorted", "with --sorted")
        raise BegunOtherwise(begun.id, words[begun.sorted_material], words[sorted_material])


def _tool(facts: SourceFacts) -> str:
    return ", ".join(f"{each} {metadata.version(each)}" for each in _tools(facts))


def _tools(facts: SourceFacts) -> Sequence[str]:
    """The programs that read such a source; a kind may have a number of files behind it."""
    container = CONTAINER_TOOLS.get(facts.source_kind.partition(",")[0])
    return _TOOLS if container is None else (*_TOOLS, container)


@action("evidence.pass.advanced", roles=_EXAMINING)
def keep_found(
    work: Work,
    pass_id: str,
    found: Sequence[Seen],
    *,
    position: int,
    bytes_read: int,
    skipped: Sequence[SkippedEntry] = (),
    since: int = 0,
    answered: int = 0,
    sorted_material: bool = False,
    lookups: Lookups | None = None,
) -> Checkpoint:
    """Keep what was read and looked at since the last checkpoint, looked up in lists in effect.

    Shape: the caller kept up to `since`, where the pass must stand; `position` is the last batch of
    the source's order that is in `found` and `skipped`, what of a folder could not be opened;
    `bytes_read` and `answered`, entries of the listing, count from the begin of the pass.
    Errors: NotFound; OutOfTurn when another program went on with the pass.
    """
    begun, reached = _open_pass(work, pass_id)
    stands_at = 0 if reached is None else reached.position
    if stands_at != since or position <= since:
        raise OutOfTurn(pass_id)
    first = 1 if reached is None else reached.entries + 1
    keep_searched(work, pass_id, begun.exhibit_id, since_entries=first - 1)
    numbered = list(enumerate(found, start=first))
    files = judged(work, numbered, sorted_material=sorted_material, lookups=lookups)
    if files:
        store.add_files(work.db, begun.exhibit_id, pass_id, files)
    left = [(number, left_out(each)) for number, each in numbered if each.found.digests is None]
    left += enumerate(skipped, start=first + len(numbered))
    store.add_skipped(work.db, begun.exhibit_id, pass_id, left)
    findings = sum(1 for each in files if each.finding is not None)
    point = Checkpoint(
        pass_id=pass_id,
        position=position,
        at=work.now,
        entries=first - 1 + len(numbered) + len(skipped),
        bytes_read=bytes_read,
        findings=findings + (0 if reached is None else reached.findings),
        answered=answered,
    )
    store.insert_checkpoint(work.db, begun.exhibit_id, point)
    work.record(begun.exhibit_id, examination=pass_id, entries=point.entries, findings=findings)
    return point


def _open_pass(work: Work, pass_id: str) -> tuple[Pass, Checkpoint | None]:
    begun = store.pass_by_id(work.db, pass_id)
    if begun is None:
        raise NotFound("examination", pass_id)
    store.lock_exhibit(work.db, begun.exhibit_id)
    if begun not in store.open_passes(work.db, begun.exhibit_id):
        raise OutOfTurn(pass_id)
    return begun, store.last_checkpoint(work.db, pass_id)


@action("evidence.pass.given-up", roles=_EXAMINING)
def give_up_pass(work: Work, exhibit_id: str, pass_id: str, *, reason: str) -> GivenUp:
    """Say that an examination that was begun is not gone on with; what it kept stays.

    Shape: any examiner who sees the exhibit may, for who began it may be gone; also before it came to
    a digest. A new examination of the same image begins anew.
    Errors: NotFound; Invalid; OutOfTurn when it is finished, or given up already.
    """
    exhibit_seen(work, exhibit_id)
    opening = store.opening_by_id(work.db, pass_id)
    if opening is None or opening.exhibit_id != exhibit_id:
        raise NotFound("examination", pass_id)
    store.lock_exhibit(work.db, exhibit_id)
    if store.open_opening(work.db, pass_id) is None:
        raise OutOfTurn(pass_id)
    reached = store.last_checkpoint(work.db, pass_id)
    given_up = GivenUp(
        at=work.now,
        by=work.actor.name,
        reason=said("reason why its examination is given up", reason),
    )
    store.insert_given_up(work.db, pass_id, exhibit_id, given_up)
    work.record(exhibit_id, examination=pass_id, entries=0 if reached is None else reached.entries)
    return given_up


def unprocessed_of(work: Work, pass_id: str) -> set[tuple[str, int]]:
    """Path and first byte of what a pass did not process, within the caller's own work."""
    return store.unprocessed_places(work.db, pass_id)


@action("evidence.pass.finished", roles=_EXAMINING)
def finish_pass(
    work: Work,
    pass_id: str,
    *,
    sha256_after: str,
    unread: Sequence[UnreadRange],
    held: Held | None = None,
) -> Examination:
    """End a pass: what it kept is counted, and the source compared with what it was.

    Shape: `held` is what the acquisition says that the image is of.

    Errors: NotFound; OutOfTurn when the pass is finished already.
    """
    begun, reached = _open_pass(work, pass_id)
    counts = store.counts_of(work.db, pass_id)
    store.insert_unread(work.db, begun.exhibit_id, pass_id, unread)
    closed = store.closed_archives(work.db, pass_id)
    outcome = Outcome(
        sha256_after=sha256_after,
        unread=unread,
        left=store.left_of(work.db, pass_id) | ({NOT_OPENED: closed} if closed else {}),
        answered=0 if reached is None else reached.answered,
        held=held,
    )
    examination = _examination(work, begun, counts, outcome)
    store.insert_examination(work.db, examination)
    hold_findings(work, examination)
    work.record(
        begun.exhibit_id,
        examination=pass_id,
        total=examination.total,
        processed=examination.processed,
        unprocessed=examination.unprocessed,
        findings=examination.findings,
        items=examination.items,
        near=examination.near,
        verdict=examination.verdict,
        doubts=len(examination.doubts),
        gravest=examination.doubts[0].kind if examination.doubts else None,
        acquisition=examination.acquisition,
    )
    return examination


def _examination(work: Work, begun: Pass, counts: PassCounts, outcome: Outcome) -> Examination:
    facts = begun.facts
    doubts = doubts_on(facts, outcome)
    return Examination(
        id=begun.id,
        exhibit_id=begun.exhibit_id,
        at=work.now,
        examiner=begun.examiner,
        source=facts.source,
        tool=begun.tool,
        total=counts.processed + counts.unprocessed,
        processed=counts.processed,
        unprocessed=counts.unprocessed,
        size_bytes=counts.size_bytes,
        findings=counts.findings,
        items=counts.items,
        lists=counts.lists,
        verdict=verdict_of(doubts),
        doubts=doubts,
        listed=facts.entries,
        answered=outcome.answered,
        acquisition=None if outcome.held is None else outcome.held.acquisition,
        medium_bytes=None if facts.of_folder else facts.size_bytes,
        unread_bytes=sum(each.length for each in outcome.unread),
        near=counts.near,
        not_compared=counts.not_compared,
        sha256_before=None if facts.of_folder else facts.sha256,
        sha256_after=None if facts.of_folder else outcome.sha256_after,
    )
