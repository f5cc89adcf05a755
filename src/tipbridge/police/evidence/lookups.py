"""What lists say during a pass: by the index as it stood when the pass began, and by what is newer.

The index is looked into where a file was read: here in its mapped files, on a cluster's host in that
host's one copy. A list that came into effect, changed or ended since is asked of the node at the
end of each step. So a step is judged by the lists in effect at its end, wherever it was read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.copies import ListCopy, copied_list
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.knowledge.hashes.engine.files import IndexDamaged
from tipbridge.knowledge.hashes.files.actions import NearHit, likenesses_of, near_hits
from tipbridge.knowledge.hashes.files.contents import FileHashes, Likeness
from tipbridge.knowledge.hashes.indexes import ListIndex, indexes_of, lists_in_effect
from tipbridge.knowledge.hashes.model import HashList, Hit
from tipbridge.knowledge.hashes.rules import KIND_BY_LENGTH

log = structlog.get_logger("tipbridge")
Marks = tuple[tuple[str, str | None], ...]
"""Lists by their ids, and what each says of a digest."""
Likenesses = tuple[Likeness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What an index says: of digests that it holds, and of each file's likenesses, also nothing."""

    exact: Mapping[str, Marks] = field(default_factory=dict[str, Marks])
    near: Mapping[Likenesses, tuple[NearHit, ...]] = field(
        default_factory=dict[Likenesses, tuple[NearHit, ...]]
    )


Take = Callable[[Iterable[str], Answers], None]
"""To whom a reader elsewhere tells which digests it asked about, and what the index said."""


def texts_of(digests: Iterable[Digests | None]) -> list[str]:
    """The digests that lists are asked about, as they write them."""
    return [
        text for each in digests if each is not None for text in (each.md5, each.sha1, each.sha256)
    ]


def answers(
    indexes: Sequence[ListIndex],
    texts: Iterable[str] = (),
    likenesses: Iterable[Likenesses] = (),
) -> Answers:
    """What these indexes say: the same code here and on a cluster's host."""
    return Answers(
        exact=_exact(indexes, list(dict.fromkeys(texts))),
        near={each: near_hits(indexes, each) for each in likenesses},
    )


def _exact(indexes: Sequence[ListIndex], texts: Sequence[str]) -> dict[str, Marks]:
    found: dict[str, Marks] = {}
    for length, kind in KIND_BY_LENGTH.items():
        asked = [text for text in texts if len(text) == length]
        digests = [bytes.fromhex(text) for text in asked]
        for index in indexes if asked else ():
            for place, row, _ in index.find_many(kind, digests):
                assert row is not None
                mark = index.mark(kind, row)
                text = asked[place]
                found[text] = (*found.get(text, ()), (index.list.id, mark))
    return found


class Lookups:
    """The look-ups of one pass. Without indexes the node is asked about everything."""

    def __init__(self, indexes: Sequence[ListIndex] = ()) -> None:
        self._indexes = tuple(indexes)
        self._exact: dict[str, Marks] = {}
        self._near: dict[Likenesses, tuple[NearHit, ...]] = {}

    def copies(self) -> list[ListCopy]:
        """The index for the hosts of a cluster: it leaves this node."""
        return [copied_list(each) for each in self._indexes]

    def take(self, asked: Iterable[str], said: Answers) -> None:
        """Keep what a host found in its copy of these digests, until it is asked for."""
        self._exact.update((text, said.exact.get(text, ())) for text in asked)
        self._near.update(said.near)

    def forget(self, texts: Iterable[str], files: Iterable[FileHashes | None]) -> None:
        """Let go of what hosts said of these."""
        for text in texts:
            self._exact.pop(text, None)
        for file in files:
            if file is not None:
                self._near.pop(likenesses_of(file), None)

    def known(self, work: Work, texts: Sequence[str]) -> dict[str, tuple[Hit, ...]]:
        """Which of these digests stand on lists in effect now; known-good ones among them.

        Shape: within the caller's own action; digests without a hit are left out.
        """
        lists = {each.id: each for each in lists_in_effect(work)}
        held = {each.list.id for each in self._indexes if _is_same(each, lists)}
        here = answers(self._indexes, (text for text in texts if text not in self._exact)).exact
        others = sorted(lists.keys() - held)
        newer = hashes.known_on(work, texts, others) if others else {}
        places = {id_: place for place, id_ in enumerate(lists)}
        known: dict[str, tuple[Hit, ...]] = {}
        for text in dict.fromkeys(texts):
            told = self._exact.get(text) or here.get(text, ())
            hits = [_hit(lists[id_], mark) for id_, mark in told if id_ in held]
            hits += newer.get(text, ())
            if hits:
                known[text] = tuple(sorted(hits, key=lambda hit: places[hit.list_id]))
        return known

    def near(self, work: Work, files: Sequence[FileHashes | None]) -> list[tuple[NearHit, ...]]:
        """What each of these files is near to in lists in effect now; none for None."""
        now = {each.list.id: each for each in indexes_of(work.node).renew(work).indexes}
        held = {each.list.id for each in self._indexes if _is_mapped(each, now)}
        newer = [each for id_, each in now.items() if id_ not in held]
        found: list[tuple[NearHit, ...]] = []
        for file in files:
            asked = () if file is None else likenesses_of(file)
            told = self._near.get(asked)
            if told is None:
                told = answers(self._indexes, likenesses=(asked,)).near[asked]
            hits = [
                replace(each, hit=_hit(now[each.hit.list_id].list, each.hit.mark))
                for each in told
                if each.hit.list_id in held
            ]
            hits += near_hits(newer, asked)
            found.append(tuple(sorted(hits, key=lambda hit: str((hit.hit.list_id, hit.hit.mark)))))
        return found


def begun_lookups(work: Work) -> Lookups:
    """The index as it stands, each file of it whole; a list whose files are not is asked of the node."""
    whole: list[ListIndex] = []
    for index in indexes_of(work.node).renew(work).indexes:
        try:
            index.verify()
        except IndexDamaged:
            log.warning("index damaged", list=index.list.id, version=index.version)
        else:
            whole.append(index)
    return Lookups(whole)


def _is_same(index: ListIndex, lists: Mapping[str, HashList]) -> bool:
    return index.list.id in lists and index.is_of(lists[index.list.id])


def _is_mapped(index: ListIndex, now: Mapping[str, ListIndex]) -> bool:
    found = now.get(index.list.id)
    told = index.version, index.content_sha256
    return found is not None and told == (found.version, found.content_sha256)


def _hit(hash_list: HashList, mark: str | None) -> Hit:
    return Hit(
        list_id=hash_list.id,
        list_name=hash_list.name,
        purpose=hash_list.purpose,
        handling=hash_list.handling,
        mark=mark,
    )
