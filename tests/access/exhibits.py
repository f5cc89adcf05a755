"""Exhibits of the world, and what is said to be read of media that nobody reads."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from tests.access.material import planted
from tests.police.evidence.folders import examined
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.evidence import acquisitions, categorising, keeping, passes
from tipbridge.police.evidence import actions as evidence
from tipbridge.police.evidence.acquiring.model import AcquisitionFacts, Copied
from tipbridge.police.evidence.model import SourceFacts, Taking, UnreadRange
from tipbridge.police.evidence.recording import MadeElsewhere
from tipbridge.police.evidence.sources.model import Gap, GapReason


def make_exhibits(work: Work, case: str, seized: Path) -> dict[str, str]:
    seized.mkdir()
    (seized / "one.bin").write_bytes(b"synthetic one")
    os.utime(seized / "one.bin", (0, 1_392_000_000))  # in both worlds of a comparison
    (seized / "aside").symlink_to("nowhere")
    exhibit = evidence.add_exhibit(
        work,
        case,
        mark="USB-1",
        kind="device",
        description=planted("a USB stick."),
        identifiers=planted("SN-490154"),
        place=planted("at home."),
        authority=planted("warrant 2014-1."),
        taking=Taking(person="1", grounds=planted("It was about to be wiped.")),
    )
    keeping.add_photographs(work, exhibit.id, digests="b" * 64, shows=planted("both sides."))
    examined(work, exhibit.id, folder=seized, reason=planted("As asked."))
    digest = digest_bytes(b"synthetic one").sha256
    said = json.dumps({"value": [{"MediaID": 1, "Category": 3, "SHA256": digest}]}).encode()
    categorising.take_categories(work, exhibit.id, said, confirming={1})
    running = passes.begin_pass(work, exhibit.id, source_facts("one"))
    passes.keep_found(work, running.begun.id, [], position=1, bytes_read=1)
    lost = UnreadRange(start_byte=0, length=1, reason="read-error")
    done = passes.begin_pass(work, exhibit.id, source_facts("two"))
    passes.finish_pass(work, done.begun.id, sha256_after="1" * 64, unread=[lost])
    left = passes.begin_pass(work, exhibit.id, source_facts("three"))
    passes.give_up_pass(work, exhibit.id, left.begun.id, reason=planted("another image was made."))
    begun = acquisitions.begin_acquisition(work, exhibit.id, acquisition_facts("one"))
    made = acquisitions.begin_acquisition(work, exhibit.id, acquisition_facts("two"))
    acquisitions.finish_acquisition(work, made.id, one_byte())
    return {
        "exhibit": exhibit.id,
        "folder": str(seized),
        "pass": running.begun.id,
        "acquisition": begun.id,
    }


def acquisition_facts(name: str) -> AcquisitionFacts:
    """A medium that nobody copies."""
    return AcquisitionFacts(source=name, image=f"{name}.raw", size_bytes=1)


def made_elsewhere() -> MadeElsewhere:
    """What the maker of that image says."""
    at = datetime(2014, 5, 2, tzinfo=UTC)
    digest = digest_bytes(b"other").sha256
    return MadeElsewhere(tool="imager 3", by="lab", at=at, digests=(digest,), source="a disk")


def other_bytes() -> Copied:
    """What was read of it here."""
    digests = digest_bytes(b"other")
    return Copied(digests=digests, segments=(digests.sha256,))


def one_byte() -> Copied:
    """A copy of a medium of one bad byte."""
    digests = digest_bytes(bytes(1))
    lost = Gap(offset=0, length=1, reason=GapReason.READ_ERROR)
    return Copied(digests=digests, segments=(digests.sha256,), bad=(lost,))


def source_facts(name: str) -> SourceFacts:
    """An image that nobody reads."""
    digests = {"md5": "1" * 32, "sha1": "1" * 40, "sha256": "1" * 64}
    return SourceFacts(source=name, source_kind="raw", size_bytes=1, entries=0, **digests)
