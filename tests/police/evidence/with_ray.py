"""The engine `ray` on a real cluster of this machine: `make ray`, which has Ray in a place of its own.

Workers that are killed at their work cost their range only; the report is the same, byte by byte.
"""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
import ray

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.images import KIB, Maker, bmp, run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_imaging import report
from tests.tips.enrichment.test_likeness import HEAD
from tipbridge.police.evidence import clusters
from tipbridge.police.evidence.clusters import LOCAL, RangeWorker, over_cluster
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.imaging import examine_image

DEATHS = 3
FILES, SIZE = 400, 200_000


class Mortal(RangeWorker):
    """A worker whose process the kernel ends at an order, until so many have ended."""

    def __init__(self, path: str, *, form: str | None = None) -> None:
        super().__init__(path, form=form)
        self._deaths = Path(path).parent / "deaths"

    def digest(self, batches: list[list[Any]]) -> list[list[Any]] | None:
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


def test_another_image_on_a_host_is_refused(
    node: Any, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    about = clusters.about
    monkeypatch.setattr(clusters, "about", lambda opened: [*about(opened), "and another part"])
    with pytest.raises(NoImage, match="another image"):
        examine_image(node, CONSOLE, exhibit.id, image=image, engine=over_cluster(LOCAL))
