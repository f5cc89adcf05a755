"""Verbs on acquisitions: begin or go on with an image of an exhibit's medium, and finish it.

Each is a unit of work of its own, so that a copy that is killed goes on where it was.
"""

import os
from importlib import metadata
from pathlib import Path

from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import IntegrityFailure, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.police.evidence import store
from tipbridge.police.evidence.acquiring.copying import Tell, copy_medium, present
from tipbridge.police.evidence.acquiring.files import ImageFiles
from tipbridge.police.evidence.acquiring.model import (
    SEGMENT_BYTES,
    Acquisition,
    AcquisitionFacts,
    Copied,
)
from tipbridge.police.evidence.chain import add_event, exhibit_seen
from tipbridge.police.evidence.errors import ImageStands, NoImage, OtherSource, OutOfTurn
from tipbridge.police.evidence.model import CustodyKind
from tipbridge.police.evidence.sources.opening import opened_medium
from tipbridge.police.evidence.sources.raw import RawSource, ReadAt

_EXAMINING = (Role.EXAMINER,)


@action("evidence.acquisition.begun", roles=_EXAMINING)
def begin_acquisition(
    work: Work,
    exhibit_id: str,
    facts: AcquisitionFacts,
    *,
    standing: str | None = None,
    reason: str | None = None,
    tool: str = "",
) -> Acquisition:
    """Begin to copy an exhibit's medium, or go on where a copy of it stopped.

    Shape: `standing` is the id in the journal that stands at the image's name, "" for a file of
    no acquisition, None when nothing stands there; `tool` is what copies, else this program.
    Errors: NotFound; ImageStands; OtherSource; CustodyBroken when the actor does not hold the
    exhibit and no reason is stated.
    """
    exhibit_seen(work, exhibit_id)
    for begun in store.acquisitions_of(work.db, exhibit_id):
        mine = begun.facts.image == facts.image and begun.examiner == work.actor.name
        if mine and begun.copied is None and standing in {None, begun.id}:
            if begun.facts != facts:
                raise OtherSource(0)
            work.record(exhibit_id, acquisition=begun.id, resumed=True)
            return begun
    if standing is not None:
        raise ImageStands
    event = add_event(
        work, exhibit_id, kind=CustodyKind.IMAGED, giver=work.actor.name, reason=reason
    )
    begun = Acquisition(
        id=work.ids.new(),
        exhibit_id=exhibit_id,
        at=work.now,
        examiner=work.actor.name,
        tool=tool or f"tipbridge {metadata.version('tipbridge')}",
        facts=facts,
    )
    store.insert_acquisition(work.db, begun)
    work.record(
        exhibit_id,
        acquisition=begun.id,
        resumed=False,
        size_bytes=facts.size_bytes,
        custody=event.digest,
    )
    return begun


@action("evidence.acquisition.finished", roles=_EXAMINING)
def finish_acquisition(work: Work, acquisition_id: str, copied: Copied) -> Acquisition:
    """Keep the digests of a whole image and every range of the medium that could not be read.

    Errors: NotFound; OutOfTurn when it is finished already; IntegrityFailure when the image is
    not as long as the medium.
    """
    begun = store.acquisition_by_id(work.db, acquisition_id)
    if begun is None:
        raise NotFound("acquisition", acquisition_id)
    if begun.copied is not None:
        raise OutOfTurn(acquisition_id)
    if copied.digests.size_bytes != begun.facts.size_bytes:
        raise IntegrityFailure("An image is not as long as its medium.", id=acquisition_id)
    store.insert_acquired(work.db, begun, copied, at=work.now)
    work.record(
        begun.exhibit_id,
        acquisition=acquisition_id,
        sha256=copied.digests.sha256,
        segments=len(copied.segments),
        bad_ranges=len(copied.bad),
        bad_bytes=copied.bad_bytes,
    )
    done = store.acquisition_by_id(work.db, acquisition_id)
    if done is None:
        raise NotFound("acquisition", acquisition_id)
    return done


def acquire(
    node: Node,
    actor: Actor,
    exhibit_id: str,
    *,
    source: Path,
    image: Path,
    reason: str | None = None,
    tell: Tell | None = None,
    segment_bytes: int = SEGMENT_BYTES,
    read_at: ReadAt = os.pread,
) -> Acquisition:
    """Copy a block device or a file, which is only read, into an image; or go on with it.

    Errors: NoImage; those of `begin_acquisition` and `copy_medium`.
    """
    with opened_medium(source) as (handle, size_bytes):
        if not size_bytes:
            raise NoImage("it is empty")
        facts = AcquisitionFacts(
            source=str(source.absolute()),
            image=str(image.absolute()),
            size_bytes=size_bytes,
            segment_bytes=segment_bytes,
        )
        files = ImageFiles(image.absolute())
        with open_work(node, actor) as work:
            begun = begin_acquisition(
                work, exhibit_id, facts, standing=files.standing(), reason=reason
            )
        try:
            files.open(begun.id, facts)
            medium = RawSource([(handle, size_bytes)], present(read_at))
            copied = copy_medium(medium, files, facts, tell)
            with open_work(node, actor) as work:
                return finish_acquisition(work, begun.id, copied)
        finally:
            files.close()
