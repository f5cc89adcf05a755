"""An examination killed at random moments and gone on with gives the report of one that was not.

`make evidence-faults` kills it at 100 moments; here it is killed at a few.
"""

import os
import random
import signal
from pathlib import Path

from tests.foundation.box.archives.made import zipped
from tests.knowledge.hashes.files.made import picture
from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.images import Maker, bmp
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_imaging import report
from tests.tips.enrichment.test_likeness import HEAD, moved
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.files import boxes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.imaging import examine_image

MOMENTS = int(os.environ.get("TIPBRIDGE_KILLS", "4"))
LATEST_SECONDS = 1.2
LOOKING_SECONDS = 5.0


def killed(node: Node, exhibit: str, image: Path, seconds: float) -> bool:
    """Examine in a process that the kernel ends after so long; whether it was ended."""
    pid = os.fork()
    if not pid:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        code = 1
        try:
            node.engine.dispose(close=False)  # its connections are the parent's
            examine_image(node, CONSOLE, exhibit, image=image, checkpoint_entries=1)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGALRM
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def test_a_killed_examination_goes_on_to_the_same_report(node, tmp_path: Path) -> None:
    maker = Maker("ext2", tmp_path / "stick.img").make(4096)
    for number in range(40):
        maker.write(f"p{number}.bmp", bmp(number, 60_000))
    listed(node, "known", *(sha256(bmp(number, 60_000)) for number in range(0, 40, 2)))
    case = a_case(node)
    whole = an_exhibit(node, CONSOLE, case, mark="whole")
    done = examine_image(node, CONSOLE, whole.id, image=maker.path)
    assert done.findings == 20
    expected, draw, kills, number = report(node, whole.id), random.Random(7), 0, 0
    while kills < MOMENTS:
        exhibit = an_exhibit(node, CONSOLE, case, mark=f"killed-{number}")
        number += 1
        while kills < MOMENTS and killed(
            node, exhibit.id, maker.path, draw.uniform(0.05, LATEST_SECONDS)
        ):
            kills += 1
        with open_work(node, CONSOLE) as work:
            finished = actions.read_exhibit(work, exhibit.id).examinations
        if not finished:
            examine_image(node, CONSOLE, exhibit.id, image=maker.path)
        assert report(node, exhibit.id) == expected


def test_one_killed_while_it_looks_goes_on_to_the_same_report(
    node, tmp_path: Path, monkeypatch
) -> None:
    """A box is opened anew in each process, so this one is killed a quarter as often."""
    monkeypatch.setenv("TIPBRIDGE_BOX_WALLS", "kernel")
    maker = Maker("fat16", tmp_path / "stick.img").make()
    for number in range(6):
        maker.write(f"P{number}.JPG", picture(number))
    maker.write("ALL.ZIP", zipped({f"m{number}.png": picture(9 + number) for number in range(4)}))
    box = boxes.box_of(node.settings)
    image = hash_file(box, "a", picture(3)).itself.picture
    assert image is not None
    listed(node, "national", HEAD, f"pdq,{moved(image.pdq, 7)},A1,file 1,90,")
    case = a_case(node)
    whole = an_exhibit(node, CONSOLE, case, mark="whole")
    assert examine_image(node, CONSOLE, whole.id, image=maker.path).near == 1
    expected, draw, kills, number = report(node, whole.id), random.Random(7), 0, 0
    boxes.close_boxes()
    while kills < max(1, MOMENTS // 4):
        exhibit = an_exhibit(node, CONSOLE, case, mark=f"killed-{number}")
        number += 1
        kills += killed(node, exhibit.id, maker.path, draw.uniform(0.05, LOOKING_SECONDS))
        with open_work(node, CONSOLE) as work:
            finished = actions.read_exhibit(work, exhibit.id).examinations
        if not finished:
            examine_image(node, CONSOLE, exhibit.id, image=maker.path)
        assert report(node, exhibit.id) == expected
    boxes.close_boxes()
