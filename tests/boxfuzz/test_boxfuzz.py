"""The short form of `make box-fuzz`."""

from collections import Counter

from tests.boxfuzz.running import TASKS, answer_of, drawn, fuzz, plan
from tests.boxfuzz.seeds import all_seeds, originals
from tipbridge.foundation.box.model import Done, Reason, Walls
from tipbridge.foundation.box.pool import open_box
from tipbridge.knowledge.hashes.files.members import Members


def test_originals_tricks_and_mutated_files_all_have_an_answer() -> None:
    count = len(all_seeds()) + 60
    tally = fuzz(count, 7, Walls.KERNEL, lambda _: None)
    answers = Counter(answer for _, answer in tally.answered.elements())
    assert answers.total() == count
    assert answers["value"] > len(all_seeds()) // 2
    assert answers[Reason.UNDECODABLE] > 10
    assert {sort for sort, _ in tally.answered} == {"picture", "video", "archive"}
    assert {content for content, _ in tally.members} == {"picture", "video"}
    assert {answer for _, answer in tally.members} > {"value", Reason.UNDECODABLE}


def test_every_original_is_decoded_inside() -> None:
    """Else the mutations would try a decoder that can't even start."""
    with open_box(plan(Walls.KERNEL)) as box:
        outcomes = {one.name: answer_of(box, TASKS[one.sort][0], one.data) for one in originals()}
    assert {
        name: one for name, one in outcomes.items() if not isinstance(one, Done | Members)
    } == {}


def test_the_same_seed_draws_the_same_files() -> None:
    first, second = (list(drawn(len(all_seeds()) + 40, 3)) for _ in range(2))
    assert first == second
    assert len({data for _, _, data in first}) > 40
