"""Mutated files through the box: each has a value or a reason, and the node goes on."""

import random
import resource
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.boxfuzz import decoders
from tests.boxfuzz.mutating import mutate
from tests.boxfuzz.seeds import Seed, all_seeds, zipped
from tests.watching import until
from tipbridge.foundation.box.model import Done, Failed, Plan, Walls
from tipbridge.foundation.box.pool import Box, open_box
from tipbridge.knowledge.hashes import hashing
from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.knowledge.hashes.files.members import Members, hash_members

TASKS = {
    "picture": (hashing.PICTURE_TASK, f"{decoders.HERE}:picture"),
    "video": (hashing.VIDEO_TASK, f"{decoders.HERE}:video"),
    "archive": (hashing.MEMBERS_TASK,),
}
WARM = (hashing.WARM, f"{decoders.HERE}:warm")
HOLDING = 0.5
"""So many of the mutated archives are whole, with mutated pictures and films in them."""
SORTS = ("picture",) * 5 + ("video",) * 2 + ("archive",) * 3


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of each task's files, by reason, and the names of faults."""

    answered: Counter[tuple[str, str]] = field(default_factory=Counter)
    details: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    members: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pictures and films in archives."""

    def note(self, sort: str, outcome: object) -> None:
        """One more answer. Anything but a value or a reason is a fault of the box."""
        assert isinstance(outcome, Done | Failed | Members), outcome
        if isinstance(outcome, Members):
            self._note_members(outcome)
        if isinstance(outcome, Failed):
            self.answered[sort, str(outcome.reason)] += 1
            self.details[sort, str(outcome.reason), outcome.detail] += 1
        else:
            self.answered[sort, "value"] += 1

    def _note_members(self, found: Members) -> None:
        """Every picture and film in an archive has a hash or a reason."""
        for number, part in found.parts.items():
            if part.content in {Content.PICTURE, Content.VIDEO}:
                failed = found.failed.get(number)
                assert (failed is None) == (part.lane is not None), part
                self.members[part.content, "value" if failed is None else failed.reason] += 1


def plan(walls: Walls | None) -> Plan:
    """A box for all that is tried."""
    return Plan(
        tasks=tuple(name for names in TASKS.values() for name in names), warm=WARM, walls=walls
    )


def drawn(count: int, seed: int) -> Iterator[tuple[str, str, bytes]]:
    """So many files with their sort and task: tricks and originals first, mutations after."""
    seeds = all_seeds()
    by_sort = {sort: [one for one in seeds if one.sort == sort] for sort in TASKS}
    draw = random.Random(seed)
    for number in range(count):
        one = seeds[number] if number < len(seeds) else None
        sort = one.sort if one else draw.choice(SORTS)
        task = TASKS[sort][number % len(TASKS[sort])]
        if one:
            data = one.data
        elif sort == "archive" and draw.random() < HOLDING:
            held = [draw.choice(("picture", "picture", "video")) for _ in range(3)]
            data = zipped({f"{at}": _mutated(by_sort[each], draw) for at, each in enumerate(held)})
        else:
            data = _mutated(by_sort[sort], draw)
        yield sort, task, data


def _mutated(seeds: list[Seed], draw: random.Random) -> bytes:
    return mutate(draw.choice(seeds).data, draw, draw.choice(seeds).data)


def answer_of(box: Box, task: str, data: bytes) -> object:
    """What the product makes of an archive, its ranges after a fork that ended too; else of a task."""
    return hash_members(box, data) if task == hashing.MEMBERS_TASK else box.run(task, data)


def fuzz(count: int, seed: int, walls: Walls | None, tell: Callable[[str], None]) -> Tally:
    """Decode so many files and hold the box to its promises.

    Errors: AssertionError when a file has no answer, the warm process ended, a fork outlived its
    file, or the node's own memory grew with the files.
    """
    tally, turn = Tally(), threading.Lock()
    files = drawn(count, seed)
    with open_box(plan(walls)) as box:
        first = warm_process(box)
        tell(f"walls: {box.status.walls}, Landlock {box.status.landlock_abi}")

        def decode_rest() -> None:
            while True:
                with turn:
                    following = next(files, None)
                if following is None:
                    return
                sort, task, data = following
                outcome = answer_of(box, task, data)
                with turn:
                    tally.note(sort, outcome)

        with ThreadPoolExecutor(2) as threads:
            for one in [threads.submit(decode_rest) for _ in range(2)]:
                one.result()
        assert warm_process(box) == first, "the warm process was started again"
        until(lambda: only_the_warm_process_is_left(box))
    assert sum(tally.answered.values()) == count
    tell(
        f"most memory of the node: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
    )
    return tally


def warm_process(box: Box) -> int:
    """The warm process' id, or that of what stands around it."""
    return box._warm.process.pid


def processes_under(process: int) -> list[str]:
    """All that the warm process has started, and itself when something stands around it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return children + [one for child in children for one in processes_under(int(child))]


def only_the_warm_process_is_left(box: Box) -> bool:
    """Whether no fork outlived its file."""
    around = 1 if box.status.walls is Walls.BUBBLEWRAP else 0
    return len(processes_under(warm_process(box))) == around
