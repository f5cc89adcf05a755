"""An image that another tool made is recorded as an acquisition, and held against as one."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.images import run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_doubts import medium, said
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.disclosure.gathering import acquisition_told
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.acquisitions import acquire
from tipbridge.police.evidence.doubts import DoubtKind
from tipbridge.police.evidence.errors import CustodyBroken, NoImage, NotAsStated
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import CustodyKind, Exhibit, Verdict
from tipbridge.police.evidence.recording import MadeElsewhere, record_image

__all__ = ["medium"]


def made(exhibit: Exhibit, *digests: str) -> MadeElsewhere:
    return MadeElsewhere(
        tool="ewfacquire 20140816",
        by="state lab",
        at=exhibit.added_at,
        digests=digests,
        source="the stick, behind a write blocker",
    )


def test_another_tools_image_is_an_acquisition(node: Node, medium: Path, tmp_path: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    run("ewfacquire", "-q", "-u", "-d", "sha1", "-t", tmp_path / "set", medium)
    image, digests = tmp_path / "set.E01", digest_bytes(medium.read_bytes())
    acquire(node, CONSOLE, exhibit.id, source=Path("/proc/self/exe"), image=tmp_path / "other")
    before = examine_image(node, CONSOLE, exhibit.id, image=image)
    assert [*said(before)] == [DoubtKind.OF_NO_ACQUISITION]
    other = made(exhibit, digests.sha1, "0" * 32)
    with pytest.raises(NotAsStated, match=f"MD5 is {digests.md5}, and 00000"):
        record_image(node, CONSOLE, exhibit.id, image=image, made=other, reason="by the lab")
    for wrong in ((), ("abc",), ("g" * 64,)):
        with pytest.raises(Invalid):
            record_image(node, CONSOLE, exhibit.id, image=image, made=made(exhibit, *wrong))
    for wrong in ((digests.md5, "0" * 32), ("abc",)):  # said before an image is looked for
        with pytest.raises(Invalid, match=r"are two|hexadecimal"):
            record_image(node, CONSOLE, exhibit.id, image=tmp_path, made=made(exhibit, *wrong))
    stated = made(exhibit, digests.sha1.upper(), digests.md5)
    with pytest.raises(CustodyBroken):  # the lab did not hold it by the chain
        record_image(node, CONSOLE, exhibit.id, image=image, made=stated)
    kept = record_image(node, CONSOLE, exhibit.id, image=image, made=stated, reason="by the lab")
    assert (kept.tool, kept.examiner, kept.at) == (stated.tool, stated.by, stated.at)
    assert kept.recorded is not None
    assert (kept.recorded.by, [*kept.recorded.stated]) == (
        CONSOLE.name,
        [digests.sha1, digests.md5],
    )
    assert kept.copied is not None
    assert kept.copied.digests == digests
    with pytest.raises(Conflict):
        record_image(node, CONSOLE, exhibit.id, image=image, made=stated, reason="again")
    done = examine_image(node, CONSOLE, exhibit.id, image=image)
    assert (done.verdict, done.acquisition) == (Verdict.COMPLETE, kept.id)
    with open_work(node, CONSOLE) as work:
        chain = actions.read_exhibit(work, exhibit.id).custody
    imaged = [each for each in chain if each.kind is CustodyKind.IMAGED]
    assert ("state lab", "by the lab") in {(each.giver, each.reason) for each in imaged}
    told = json.loads(json.dumps(acquisition_told(kept)))
    assert told["recorded"]["stated"] == [digests.sha1, digests.md5]
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    text = page.get(f"/exhibits/{exhibit.id}").text
    for word in ("외부에서 작성됨", "state lab", "ewfacquire 20140816"):
        assert word in text


def test_an_image_of_the_future_is_not_recorded(node: Node, medium: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    digest = digest_bytes(medium.read_bytes()).sha256
    later = MadeElsewhere(
        tool="t", by="b", at=exhibit.added_at + timedelta(days=9), digests=(digest,), source="s"
    )
    with pytest.raises(Invalid, match="future"):
        record_image(node, CONSOLE, exhibit.id, image=medium, made=later, reason="r")


def test_nothing_of_an_image_is_read_for_an_exhibit_or_a_chain_that_refuses_it(
    node: Node, tmp_path: Path
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    stated, no_image = made(exhibit, "0" * 64), tmp_path / "not-there"
    with pytest.raises(NotFound):
        record_image(node, CONSOLE, "no-such-exhibit", image=no_image, made=stated, reason="r")
    with pytest.raises(CustodyBroken):
        record_image(node, CONSOLE, exhibit.id, image=no_image, made=stated)
    with pytest.raises(NoImage):
        record_image(node, CONSOLE, exhibit.id, image=no_image, made=stated, reason="r")
