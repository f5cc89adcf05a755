"""Unknown pictures, films and archives of a source, looked at in the box.

What an exact digest says already is not looked at. Bytes are read a second time, go from one
walled process into another, and are compared with what was digested.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.box.pool import Box
from tipbridge.foundation.box.source import Source
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.hashes.building import build_absent
from tipbridge.knowledge.hashes.files import actions as likeness
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.knowledge.hashes.hashing import plan
from tipbridge.police.evidence.hits import Looked, Seen, not_looked, seen_parts
from tipbridge.police.evidence.judging import to_look_at
from tipbridge.police.evidence.lookups import begun_lookups
from tipbridge.police.evidence.readers import ReaderKilled, Readers
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import EntryFault

CHANGED = "changed-while-read"
Look = Callable[[Digested], list[Seen]]


def begun_looking(work: Work) -> tuple[bool, tuple[str, ...]]:
    """Whether a list in effect holds hashes of pictures, and lists that can't be searched."""
    build_absent(work)
    missing = likeness.known_near(work, []).not_searched
    return likeness.has_likenesses(work), tuple(each.name for each in missing)


def looked_at(
    found: Sequence[Digested], why_not: Sequence[Looked | None], look: Look, *, at_once: int
) -> list[Seen]:
    """The entries in their order, each followed by what was found within it."""
    wanted = [each for each, why in zip(found, why_not, strict=True) if why is None]
    with ThreadPoolExecutor(max(1, at_once)) as pool:
        answers = pool.map(look, wanted)
        return [
            seen
            for each, why in zip(found, why_not, strict=True)
            for seen in (next(answers) if why is None else [Seen(found=each, looked=why)])
        ]


def hashed_parts(
    box: Box | None, found: Digested, source: Source, not_searched: Iterable[str]
) -> list[Seen]:
    """An entry and its members, hashed in the box. Errors: those of the source."""
    return compared_parts(found, hash_file(box, found.entry.path, source), not_searched)


def compared_parts(found: Digested, hashed: FileHashes, not_searched: Iterable[str]) -> list[Seen]:
    """An entry and its members as they were hashed, if that was what was digested."""
    if hashed.itself.digests != found.digests:
        return not_looked(found, CHANGED)
    return seen_parts(found, hashed, not_searched)


class Looking:
    """Looks at what an image's readers found, a step of the pass at a time."""

    def __init__(self, node: Node, actor: Actor, readers: Readers) -> None:
        self._node, self._actor, self._readers = node, actor, readers
        with open_work(node, actor) as work:
            self._likenesses, self._not_searched = begun_looking(work)
            self.lookups = begun_lookups(work)
        readers.hold(self.lookups)

    def seen(self, found: Sequence[Digested]) -> list[Seen]:
        """The entries with what the box makes of those that are unknown."""
        with open_work(self._node, self._actor) as work:
            why_not = to_look_at(work, found, likenesses=self._likenesses, lookups=self.lookups)
        return looked_at(found, why_not, self._look, at_once=self._readers.at_once)

    def _look(self, found: Digested) -> list[Seen]:
        """Where the readers stand, or here."""
        try:
            hashed = self._readers.hashed_far(found.entry, plan(self._node.settings))
        except ReaderKilled:
            return not_looked(found, EntryFault.READER_KILLED)
        if hashed is not None:
            return compared_parts(found, hashed, self._not_searched)
        return self._look_here(found)

    def _look_here(self, found: Digested) -> list[Seen]:
        box = box_of(self._node.settings)
        with self._readers.one() as reader:
            try:
                content = reader.content(found.entry)
                try:
                    return hashed_parts(box, found, content, self._not_searched)
                finally:
                    with suppress(ReaderKilled):  # what nobody wanted must not be the next answer
                        for _ in content:
                            pass
            except ReaderKilled:
                reader.restart()
                return not_looked(found, EntryFault.READER_KILLED)
