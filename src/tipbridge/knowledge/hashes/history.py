"""Verbs that look into a list: its versions, what changed, all of it, whether it still fits."""

from collections import Counter
from collections.abc import Iterator

from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.actions import find_list
from tipbridge.knowledge.hashes.bulk import store as bulk
from tipbridge.knowledge.hashes.indexes import is_as_the_database_gives, open_index
from tipbridge.knowledge.hashes.model import (
    Confidence,
    Difference,
    Disputed,
    Fault,
    HashList,
    ListPage,
    ListsVerified,
    Version,
)
from tipbridge.knowledge.hashes.rules import confidence_of_counts, written_digest
from tipbridge.knowledge.hashes.signing import content_digest, envelope_digest, signed_fault
from tipbridge.knowledge.hashes.standings import store as standings
from tipbridge.knowledge.hashes.writing import BY_ITEM, Written

MOST_LINES = 1_000
_ACTIVATED = "hashes.version.activated"
MOST_DISPUTED = 100
_KEEPERS = (Role.ANALYST, Role.EXAMINER)
_READERS = (*_KEEPERS, Role.INVESTIGATOR, Role.AUDITOR)


@action("hashes.list.read", roles=_READERS)
def show_list(work: Work, *, name: str) -> ListPage:
    """A list with all its versions, what was loaded into each, its entries by kind, and votes.

    Errors: NotFound.
    """
    found = find_list(work, name)
    versions = store.versions(work.db, found.id)
    counts = _counts(work, found, found.active_version)
    work.record(found.id, versions=len(versions))
    return ListPage(
        list=found,
        versions=tuple(versions),
        counts=counts,
        waiting_counts=_counts(work, found, found.waiting_version),
        confidences=_confidences(work, found, sum(counts.values())),
        disputed=tuple(_disputed(work, found)),
    )


def _disputed(work: Work, hash_list: HashList) -> Iterator[Disputed]:
    rows = standings.disputed(work.db, hash_list.id, most=MOST_DISPUTED)
    for kind, digest, in_favour, against, reasons in rows:
        yield Disputed(
            kind=kind,
            digest=written_digest(kind, digest),
            in_favour=in_favour,
            against=against,
            reasons=reasons,
        )


def _confidences(work: Work, hash_list: HashList, entries: int) -> dict[str, int]:
    """How many entries in effect are of each confidence."""
    found = dict.fromkeys(map(str, Confidence), 0)
    for in_favour, against, number in standings.by_votes(work.db, hash_list.id):
        found[confidence_of_counts(in_favour, against)] += number
    found[Confidence.UNVOTED] = entries - sum(found.values())
    return found


def _counts(work: Work, hash_list: HashList, version: int | None) -> dict[str, int]:
    return {} if version is None else store.counts(work.db, hash_list.id, version)


@action("hashes.list.compared", roles=_READERS)
def diff_list(
    work: Work, *, name: str, before: int | None = None, after: int | None = None, most: int = 100
) -> Difference:
    """What one version holds that another does not, both ways.

    Shape: left out, `before` is the version in effect and `after` the one that waits; where
    none waits, the last two. Version 0 is the empty list.
    Errors: NotFound; Invalid for more lines than are shown.
    """
    if not 0 <= most <= MOST_LINES:
        raise Invalid(f"A comparison shows 0 to {MOST_LINES} lines each way, not {most}.")
    found = find_list(work, name)
    newest = found.waiting_version or found.active_version or 0
    last = newest if after is None else after
    first = max(0, last - 1) if before is None else before
    for version in (first, last):
        if not 0 <= version <= newest:
            raise NotFound(f"version of the list {name}:", str(version))
    added, added_lines = store.gained(work.db, found.id, version=last, before=first, most=most)
    removed, removed_lines = store.gained(work.db, found.id, version=first, before=last, most=most)
    work.record(found.id, before=first, after=last, added=added, removed=removed)
    return Difference(
        added=added,
        removed=removed,
        added_lines=tuple(added_lines),
        removed_lines=tuple(removed_lines),
    )


@action("hashes.list.exported", roles=_KEEPERS)
def export_list(work: Work, *, name: str, form: str, version: int | None = None) -> Written:
    """A version of a list in a form that others read, piece by piece, within this work.

    Shape: left out, `version` is the one in effect.
    Errors: NotFound; Invalid for a form that is not written.
    """
    found = find_list(work, name)
    Written(form, ())  # refused before anything is looked for
    number = found.active_version if version is None else version
    newest = found.waiting_version or found.active_version or 0
    if number is None or not 1 <= number <= newest:
        raise NotFound(f"version of the list {name}:", str(number or "in effect"))
    work.record(found.id, version=number, form=form)
    return Written(form, store.entries(work.db, found.id, number, by_item=form in BY_ITEM))


@action("hashes.lists.verified", roles=_READERS)
def verify_lists(work: Work, *, name: str | None = None) -> ListsVerified:
    """Recompute what every version holds, and hold it against what was signed.

    Errors: NotFound.
    """
    lists = store.all_lists(work.db) if name is None else [find_list(work, name)]
    seen: Counter[str] = Counter()
    faults = [fault for each in lists for fault in _faults(work, each, seen)]
    work.record(
        "all" if name is None else lists[0].id,
        lists=len(lists),
        versions=seen["versions"],
        faults=len(faults),
    )
    return ListsVerified(
        lists=len(lists),
        versions=seen["versions"],
        entries=seen["entries"],
        files=seen["files"],
        faults=tuple(faults),
    )


def _faults(work: Work, hash_list: HashList, seen: Counter[str]) -> Iterator[Fault]:
    before: str | None = None
    newest: Version | None = None
    for version in store.versions(work.db, hash_list.id):
        if version.activated_at is None:
            continue
        newest = version
        seen["versions"] += 1
        seen["entries"] += version.entry_count or 0
        for what in _version_faults(work, hash_list, version, before):
            yield Fault(list_name=hash_list.name, version=version.number, what=what)
        before = envelope_digest(version.envelope)
    for what in _effect_faults(work, hash_list, newest):
        yield Fault(list_name=hash_list.name, version=hash_list.active_version or 0, what=what)
    if hash_list.active_version is not None:
        seen["files"] += 1
        fault = _file_fault(work, hash_list, hash_list.active_version)
        if fault is not None:
            yield Fault(list_name=hash_list.name, version=hash_list.active_version, what=fault)


def _effect_faults(work: Work, hash_list: HashList, newest: Version | None) -> Iterator[str]:
    """What is wrong with which version is in effect: not the newest, or not the one last recorded."""
    number = None if newest is None else newest.number
    if hash_list.active_version != number:
        yield f"it is in effect, though version {number or 'none'} was activated last"
    recorded = audit_store.newest_of(work.db, _ACTIVATED, hash_list.id)
    if recorded is None:
        return
    said = recorded.facts["version"], recorded.facts["content_sha256"]
    if newest is None or said != (newest.number, newest.content_sha256):
        yield f"version {said[0]} was recorded as activated last, and is not here as it was"


def _file_fault(work: Work, hash_list: HashList, version: int) -> str | None:
    """What is wrong with the index files of the version in effect."""
    try:
        index = open_index(work.node, hash_list, version)
        if index is None:
            return "it has no index files; the worker builds them"
        if index.content_sha256 != hash_list.content_sha256:
            return "its index files are of other content; the worker builds them again"
        index.verify()
        with work.part():
            same = is_as_the_database_gives(work, hash_list, version)
    except IntegrityFailure as error:
        return error.public
    return None if same else "its index files are not those that the database gives; rebuild them"


def _version_faults(
    work: Work, hash_list: HashList, version: Version, before: str | None
) -> Iterator[str]:
    fault = signed_fault(work.node, hash_list, version, before=before)
    if fault is not None:
        yield fault
    digest, count = content_digest(bulk.content_lines(work.db, hash_list.id, version.number))
    if (digest, count) != (version.content_sha256, version.entry_count):
        yield f"it holds {count} entries that give another digest than was signed"
