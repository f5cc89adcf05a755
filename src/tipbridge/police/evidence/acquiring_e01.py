"""An image in E01, written by libewf's `ewfacquirestream` and read back before it is recorded.

We read the medium. What the tool says of it must be what stands in the image, read by our own reader.
"""

from importlib import metadata
from pathlib import Path

from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence.acquiring.copying import Tell, present
from tipbridge.police.evidence.acquiring.ewfacquire import (
    PROGRAM,
    Label,
    Written,
    found_ewfacquire,
    version_of,
    write_e01,
)
from tipbridge.police.evidence.acquiring.model import (
    SEGMENT_BYTES,
    Acquisition,
    AcquisitionFacts,
    Copied,
)
from tipbridge.police.evidence.acquisitions import begin_acquisition, finish_acquisition
from tipbridge.police.evidence.chain import exhibit_seen
from tipbridge.police.evidence.errors import ImageUnwritable, NoImage, NotAsStated
from tipbridge.police.evidence.readers import reading
from tipbridge.police.evidence.sources.model import joined
from tipbridge.police.evidence.sources.opening import opened_image, opened_medium
from tipbridge.police.evidence.sources.raw import RawSource

_SECTOR_BYTES = 512


def acquire_e01(
    node: Node,
    actor: Actor,
    exhibit_id: str,
    *,
    source: Path,
    image: Path,
    reason: str | None = None,
    tell: Tell | None = None,
) -> Acquisition:
    """Copy a block device or a file, which is only read, into an E01 of this name.

    Shape: a copy that was stopped is not gone on with, for the tool can't; its files are taken
    away by hand, and the same acquisition is then made anew.
    Errors: NoEwfacquire; EwfacquireFailed; NotAsStated when what was written is not what the tool
    said; NoImage; those of `begin_acquisition`.
    """
    program = found_ewfacquire()
    target = image.absolute()
    target = target.with_suffix("") if target.suffix.upper() == ".E01" else target
    first = Path(f"{target}.E01")
    with opened_medium(source) as (handle, size_bytes):
        if not size_bytes or size_bytes % _SECTOR_BYTES:
            raise NoImage(f"an E01 holds whole sectors, and it has {size_bytes} bytes")
        facts = AcquisitionFacts(
            source=str(source.absolute()), image=str(first), size_bytes=size_bytes
        )
        tool = f"{PROGRAM} {version_of(program)}, fed by tipbridge {metadata.version('tipbridge')}"
        stands = any(target.parent.glob(f"{_plain(target.name)}.E[0-9A-Z][0-9A-Z]"))
        with open_work(node, actor) as work:
            begun = begin_acquisition(
                work, exhibit_id, facts, standing="" if stands else None, reason=reason, tool=tool
            )
            exhibit, case_number = exhibit_seen(work, exhibit_id)
        label = Label(
            case_number=case_number,
            evidence_number=exhibit.mark,
            kind=exhibit.kind.value,
            examiner=begun.examiner,
        )
        medium = RawSource([(handle, size_bytes)], present())
        written = write_e01(program, medium, target, label, tell)
    copied = _read_back(first, written)
    with open_work(node, actor) as work:
        return finish_acquisition(work, begun.id, copied)


def _read_back(first: Path, written: Written) -> Copied:
    """What stands in the image. Errors: NotAsStated; NoImage; ReaderKilled; ImageUnwritable."""
    with opened_image(first) as opened, reading(opened, 1) as readers, readers.one() as reader:
        about, media = reader.about(), reader.media("md5", "sha1", "sha256")
        segments = reader.segments(SEGMENT_BYTES)
    bad = joined([*written.bad, *media.gaps])
    for name, said in written.digests.items():
        if media.digests[name] != said:
            raise NotAsStated(name, said, media.digests[name])
    try:
        for name in opened.names:
            first.with_name(name).chmod(0o400)
    except OSError as error:
        raise ImageUnwritable(error.strerror or "it can't be kept from writing") from error
    digests = Digests(
        md5=media.digests["md5"],
        sha1=media.digests["sha1"],
        sha256=media.digests["sha256"],
        size_bytes=about.size_bytes,
    )
    return Copied(digests=digests, segments=tuple(segments), bad=tuple(bad))


def _plain(name: str) -> str:
    """A name as a pattern that fits it alone."""
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)
