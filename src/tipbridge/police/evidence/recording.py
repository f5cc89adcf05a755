"""An image that another tool made, recorded as an acquisition of the exhibit it is of.

What is stated is looked at first; then it is read whole: what its maker stated must be what is
there.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence import store
from tipbridge.police.evidence.acquiring.model import (
    SEGMENT_BYTES,
    Acquisition,
    AcquisitionFacts,
    Copied,
    Recorded,
)
from tipbridge.police.evidence.chain import add_event, check_imaged, exhibit_seen, said
from tipbridge.police.evidence.errors import NotAsStated
from tipbridge.police.evidence.model import CustodyKind
from tipbridge.police.evidence.readers import reading
from tipbridge.police.evidence.sources.opening import opened_image

_DIGEST = re.compile(r"[0-9a-f]+")
_NAMES = {32: "md5", 40: "sha1", 64: "sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeElsewhere:
    """What the maker of an image says: with what tool and version, by whom, when, its digests.

    Shape: `source` is what was imaged, in words; digests are MD5, SHA-1 or SHA-256 of the medium.
    """

    tool: str
    by: str = field(repr=False)
    at: datetime
    digests: tuple[str, ...]
    source: str = field(repr=False)


@action("evidence.acquisition.stated", roles=(Role.EXAMINER,))
def check_stated(
    work: Work, exhibit_id: str, made: MadeElsewhere, *, reason: str | None = None
) -> None:
    """See that what is stated of an image can be recorded, before its hours of reading.

    Errors: those of `record_acquisition` that need none of the image's bytes.
    """
    exhibit_seen(work, exhibit_id)
    _stated(made.digests)
    _check_time(work, made)
    by, _ = _maker(made)
    said("name of what was imaged", made.source)
    check_imaged(work, exhibit_id, giver=by, at=made.at, reason=reason)
    work.record(exhibit_id)


@action("evidence.acquisition.recorded", roles=(Role.EXAMINER,))
def record_acquisition(
    work: Work,
    exhibit_id: str,
    facts: AcquisitionFacts,
    made: MadeElsewhere,
    copied: Copied,
    *,
    reason: str | None = None,
) -> Acquisition:
    """Keep that an image was made elsewhere, when its maker says it was.

    Shape: `copied` is what was read of the image here.
    Errors: NotFound; Invalid (a time in the future, no digest, two of a kind); NotAsStated when a
    stated digest is not the image's; CustodyBroken when its maker did not hold the exhibit then and
    no reason is stated.
    """
    exhibit_seen(work, exhibit_id)
    _check_time(work, made)
    stated = _stated(made.digests)
    read = copied.digests
    for name, digest in stated.items():
        if digest != getattr(read, name):
            raise NotAsStated(name, digest, str(getattr(read, name)))
    if any(
        each.copied is not None and each.copied.digests.sha256 == read.sha256
        for each in store.acquisitions_of(work.db, exhibit_id)
    ):
        raise Conflict("An acquisition of the exhibit has this image's digest already.")
    by, tool = _maker(made)
    event = add_event(
        work, exhibit_id, kind=CustodyKind.IMAGED, giver=by, at=made.at, reason=reason
    )
    begun = Acquisition(
        id=work.ids.new(),
        exhibit_id=exhibit_id,
        at=made.at,
        examiner=by,
        tool=tool,
        facts=facts,
        recorded=Recorded(by=work.actor.name, at=work.now, stated=tuple(stated.values())),
    )
    store.insert_acquisition(work.db, begun)
    store.insert_acquired(work.db, begun, copied, at=made.at)
    work.record(
        exhibit_id,
        acquisition=begun.id,
        size_bytes=facts.size_bytes,
        sha256=read.sha256,
        stated=len(stated),
        bad_ranges=len(copied.bad),
        custody=event.digest,
    )
    return store.acquisition_by_id(work.db, begun.id) or begun


def record_image(
    node: Node,
    actor: Actor,
    exhibit_id: str,
    *,
    image: Path,
    made: MadeElsewhere,
    reason: str | None = None,
    form: str | None = None,
) -> Acquisition:
    """Read an image whole and record it as made elsewhere.

    Errors: those of `check_stated`, before anything is read; NoImage; ReaderKilled; those of
    `record_acquisition`.
    """
    with open_work(node, actor) as work:
        check_stated(work, exhibit_id, made, reason=reason)
    with (
        opened_image(image, form=form) as opened,
        reading(opened, 1) as readers,
        readers.one() as reader,
    ):
        about, media = reader.about(), reader.media("md5", "sha1", "sha256")
        segments = reader.segments(SEGMENT_BYTES)
    digests = Digests(
        md5=media.digests["md5"],
        sha1=media.digests["sha1"],
        sha256=media.digests["sha256"],
        size_bytes=about.size_bytes,
    )
    facts = AcquisitionFacts(
        source=said("name of what was imaged", made.source),
        image=str(image.absolute()),
        size_bytes=about.size_bytes,
    )
    with open_work(node, actor) as work:
        return record_acquisition(
            work,
            exhibit_id,
            facts,
            made,
            Copied(digests=digests, segments=tuple(segments), bad=media.gaps),
            reason=reason,
        )


def _check_time(work: Work, made: MadeElsewhere) -> None:
    if made.at > work.now:
        raise Invalid("An image was made before it is recorded; its time lies in the future.")


def _maker(made: MadeElsewhere) -> tuple[str, str]:
    """Who made an image and with what, as it is kept. Errors: Invalid."""
    return said("maker of its image", made.by), said("tool of its image", made.tool)


def _stated(digests: tuple[str, ...]) -> dict[str, str]:
    """The stated digests by their names. Errors: Invalid for none, two of a kind, or no digest."""
    found = dict[str, str]()
    for text in digests:
        digest = text.strip().lower()
        name = _NAMES.get(len(digest))
        if name is None or not _DIGEST.fullmatch(digest):
            raise Invalid(
                "State the image's MD5, SHA-1 or SHA-256: 32, 40 or 64 hexadecimal digits."
            )
        if found.setdefault(name, digest) != digest:
            raise Invalid(f"State one {name.upper()}: {found[name]} and {digest} are two.")
    if not found:
        raise Invalid("State at least one digest that the image's maker wrote down.")
    return found
