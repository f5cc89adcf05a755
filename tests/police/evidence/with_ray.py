"""The engine `ray` on a real cluster of this machine: `make ray`, which has Ray in a place of its own.

Workers that are killed at their work cost their range only; the report is the same, byte by byte.
"""

import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ray
from numpy.typing import NDArray
from typer.testing import CliRunner

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.images import KIB, Maker, bmp, run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_imaging import report
from tests.tips.enrichment.test_likeness import HEAD
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.copies import ListCopy
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.police.evidence import clusters, reporting
from tipbridge.police.evidence.clusters import LOCAL, RangeWorker, over_cluster
from tipbridge.police.evidence.commands import group
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.lookups import Answers

DEATHS = 3
FILES, SIZE = 400, 200_000


class Telling(RangeWorker):
    """A worker that writes down where its copy of the index lies."""

    def __init__(self, path: str, *, form: str | None = None) -> None:
        super().__init__(path, form=form)
        self._told = Path(path).parent / "copies"

    def hold(self, copies: list[ListCopy]) -> None:
        super().hold(copies)
        whole = copies[0].exact_parts[DigestKind.SHA256].whole
        said = {
            "writable": bool(whole.flags.writeable),
            "bytes": whole.nbytes,
            "at": lies_at(whole),
        }
        (self._told / str(os.getpid())).write_text(json.dumps(said))


def lies_at(array: NDArray[np.uint8]) -> list[Any]:
    """Which file of this machine's memory an array is mapped from, and where in it."""
    address = array.__array_interface__["data"][0]
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, rights, offset, device, inode, *name = line.split(maxsplit=5)
        first, end = (int(each, 16) for each in span.split("-"))
        if first <= address < end:
            return [rights[3], device, int(inode), int(offset, 16) + address - first, *name]
    raise AssertionError("no mapping")


class Mortal(RangeWorker):
    """A worker whose process the kernel ends at an order, until so many have ended."""

    def __init__(self, path: str, *, form: str | None = None) -> None:
        super().__init__(path, form=form)
        self._deaths = Path(path).parent / "deaths"

    def digest(self, batches: list[list[Any]]) -> tuple[list[list[Any]], Answers] | None:
        for number in range(DEATHS):
            try:
                os.close(os.open(self._deaths / str(number), os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            os.kill(os.getpid(), signal.SIGKILL)
        return super().digest(batches)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    maker = Maker("ext4", tmp_path / "stick.img").make(size_kib=128 * KIB)
    run("mke2fs", "-q", "-F", "-t", "ext4", "-N", str(FILES + 99), maker.path)
    for number in range(8):
        (tmp_path / f"{number}.bin").write_bytes(bmp(number, SIZE))
    orders = "".join(f"write {tmp_path / f'{each % 8}.bin'} f{each}\n" for each in range(FILES))
    run("debugfs", "-w", "-f", "-", maker.path, given=orders)
    return maker.path


def examined(node: Any, case: str, image: Path, **engine: Any) -> list[dict[str, object]]:
    exhibit = an_exhibit(node, CONSOLE, case, mark=str(len(engine)))
    examine_image(node, CONSOLE, exhibit.id, image=image, **engine)
    return report(node, exhibit.id)


def test_a_cluster_says_what_this_machine_says(node: Any, image: Path) -> None:
    listed(node, "known", *(sha256(bmp(number, SIZE)) for number in range(4)))
    listed(node, "alike", HEAD, f"pdq,{'5a' * 32},A1,file 1,90,")  # unknown pictures are decoded
    case = a_case(node)
    here = examined(node, case, image)
    assert len(here) > FILES
    assert examined(node, case, image, engine=over_cluster(LOCAL)) == here
    assert not ray.is_initialized()


def test_killed_workers_cost_their_range_only(
    node: Any, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(node, "known", *(sha256(bmp(number, SIZE)) for number in range(4)))
    case = a_case(node)
    here = examined(node, case, image)
    deaths = image.parent / "deaths"
    deaths.mkdir()
    monkeypatch.setattr(clusters, "RangeWorker", Mortal)
    assert examined(node, case, image, engine=over_cluster(LOCAL)) == here
    assert len(list(deaths.iterdir())) == DEATHS


def test_a_host_holds_one_copy_of_the_index_for_all_its_workers(
    node: Any, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes read the same pages of the object store, and may not write them."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1})
    many = (sha256(b"%d" % number) for number in range(20_000))
    listed(node, "known", *(sha256(bmp(number, SIZE)) for number in range(4)), *many)
    case = a_case(node)
    here = examined(node, case, image)
    told = image.parent / "copies"
    told.mkdir()
    monkeypatch.setattr(clusters, "RangeWorker", Telling)
    assert examined(node, case, image, engine=over_cluster(LOCAL)) == here
    said = [json.loads(each.read_text()) for each in told.iterdir()]
    assert len(said) == 2
    assert said[0] == said[1]
    assert not said[0]["writable"]
    assert said[0]["bytes"] > 20_000 * 32
    shared, _, inode, *_ = said[0]["at"]
    assert shared == "s"
    assert inode > 0


def test_several_images_are_examined_over_one_cluster_side_by_side(
    node: Any, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    listed(node, "known", *(sha256(bmp(number, SIZE)) for number in range(4)))
    case = a_case(node)
    other = image.with_name("other.img")
    other.write_bytes(image.read_bytes())
    gone = image.with_name("gone.img")
    there = an_exhibit(node, CONSOLE, case, mark="b")
    sources = (str(image), str(gone), str(other))
    words = ("examine", "--data", str(node.data), "--json", there.id, *sources, "--engine", "ray")
    run_ = CliRunner().invoke(group, words)
    assert isinstance(run_.exception, TipbridgeError)
    assert "gone.img" in run_.stderr
    done = json.loads(run_.stdout)
    assert [Path(each["source"]).name for each in done] == ["stick.img", "other.img"]
    assert len({each["id"] for each in done}) == 2
    here = examined(node, case, image)
    for each in done:
        with open_work(node, CONSOLE) as work:
            lines = reporting.read_report(work, there.id, examination=each["id"]).lines
        assert [said(json.loads(line)) for line in lines] == [said(line) for line in here]


def said(line: dict[str, Any]) -> dict[str, Any]:
    """A line of a report without what it says of other examinations."""
    return {name: value for name, value in line.items() if name != "first_seen_in"}


def test_another_image_on_a_host_is_refused(
    node: Any, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    about = clusters.about
    monkeypatch.setattr(clusters, "about", lambda opened: [*about(opened), "and another part"])
    with pytest.raises(NoImage, match="another image"):
        examine_image(node, CONSOLE, exhibit.id, image=image, engine=over_cluster(LOCAL))
