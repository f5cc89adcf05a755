"""Verbs on categories: hand media to the examiner's own viewer, take its categories back.

What a number means differs by region, so the examiner says which numbers confirm an entry of a
list and which deny it. Each becomes this person's vote on every entry that the file stands on.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Forbidden, Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes import voting
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.knowledge.hashes.model import DigestKind, Entry, ListPurpose, Mode, Scheme
from tipbridge.police.evidence import store
from tipbridge.police.evidence.chain import exhibit_seen
from tipbridge.police.evidence.vics import (
    Categorised,
    Head,
    check_agree,
    read_categories,
    write_case,
)

_EXAMINING = (Role.EXAMINER,)
_ALL = 2**31 - 1
FORM = "vics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a viewer's categories.

    Shape: every digest with a category is of this exhibit or not (`elsewhere`); `kept` counts
    files by SHA-256; `waiting` entries wait on a list for a second person.
    """

    digests: int
    elsewhere: int
    kept: int
    votes_in_favour: int
    votes_against: int
    waiting: int


@action("evidence.media.given", roles=_EXAMINING)
def give_media(work: Work, exhibit_id: str) -> bytes:
    """An exhibit's pictures, films and findings as VICS: digests and places, never content.

    Errors: NotFound.
    """
    exhibit, number = exhibit_seen(work, exhibit_id)
    files = store.files_of(work.db, exhibit_id, _ALL, findings_only=False)
    given = {
        sha256: category
        for sha256, (category, _) in store.categories_of(work.db, exhibit_id).items()
    }
    head = Head(
        case_id=exhibit.case_id,
        case_number=number,
        mark=exhibit.mark,
        version=metadata.version("tipbridge"),
    )
    document = write_case(head, files, given)
    digest = hashlib.sha256(document).hexdigest()
    work.record(exhibit_id, size_bytes=len(document), document_sha256=digest)
    return document


@action("evidence.categories.taken", roles=_EXAMINING)
def take_categories(
    work: Work,
    exhibit_id: str,
    document: bytes,
    *,
    confirming: Iterable[int],
    denying: Iterable[int] = (),
    into: str | None = None,
) -> Taken:
    """Take back the categories that the examiner gave in their own viewer.

    Shape: a confirming category votes for every entry of a list in effect that the file stands
    on, a denying one against it; others are kept and vote on nothing. With `into`, confirmed
    files are loaded into the version of that list which waits for a second person.
    Errors: NotFound; Invalid for a document or numbers that can't be, and for a file with two
    categories.
    """
    exhibit_seen(work, exhibit_id)
    yes, no = frozenset(confirming), frozenset(denying)
    if yes & no or not yes | no:
        raise Invalid("Say which categories confirm an entry and which deny it; none can do both.")
    told = read_categories(document)
    by_sha256 = _of_exhibit(work, exhibit_id, told)
    check_agree((digests.sha256, each) for each, digests in by_sha256)
    kept = {digests.sha256: (digests, each.category) for each, digests in by_sha256}
    source = hashlib.sha256(document).hexdigest()
    store.add_categories(
        work.db,
        exhibit_id,
        [(sha256, category) for sha256, (_, category) in kept.items()],
        by=hashes.person(work),
        at=work.now,
        document_sha256=source,
    )
    confirmed = [digests for digests, category in kept.values() if category in yes]
    denied = [digests for digests, category in kept.values() if category in no]
    taken = Taken(
        digests=len({each.digest for each in told}),
        elsewhere=len({each.digest for each in told} - {each.digest for each, _ in by_sha256}),
        kept=len(kept),
        votes_in_favour=voting.vote_on(work, _texts(confirmed), affirmative=True, reason=None),
        votes_against=voting.vote_on(
            work, _texts(denied), affirmative=False, reason="An examiner categorised it as another."
        ),
        waiting=_load(work, into, confirmed, kept, source),
    )
    work.record(
        exhibit_id,
        document_sha256=source,
        kept=taken.kept,
        elsewhere=taken.elsewhere,
        votes_in_favour=taken.votes_in_favour,
        votes_against=taken.votes_against,
        waiting=taken.waiting,
    )
    return taken


def may_take_categories(work: Work, exhibit_id: str) -> None:
    """Refuse somebody whose categories would be refused, before any of them is read.

    Errors: Forbidden, NotFound.
    """
    if not work.actor.roles & set(_EXAMINING):
        raise Forbidden("Your roles do not categorise what exhibits hold.")
    exhibit_seen(work, exhibit_id)


def _of_exhibit(
    work: Work, exhibit_id: str, told: Sequence[Categorised]
) -> list[tuple[Categorised, Digests]]:
    known = store.digests_on(work.db, exhibit_id, [each.digest for each in told])
    return [(each, known[each.digest]) for each in told if each.digest in known]


def _texts(files: Iterable[Digests]) -> list[str]:
    return [text for each in files for text in (each.md5, each.sha1, each.sha256)]


def _load(
    work: Work,
    into: str | None,
    confirmed: Sequence[Digests],
    kept: dict[str, tuple[Digests, int]],
    source: str,
) -> int:
    """Load confirmed files into an own list's waiting version; how many it did not have."""
    if into is None:
        return 0
    chosen = hashes.find_list(work, into)
    if chosen.purpose is not ListPurpose.OWN_CASES:
        raise Invalid(
            f"Files of cases go on a list of the purpose {ListPurpose.OWN_CASES}; {into} is one of"
            f" {chosen.purpose}."
        )
    marked = chosen.scheme in {Scheme.VICS, Scheme.FREE}
    entries = [
        Entry(
            kind=DigestKind.SHA256,
            digest=bytes.fromhex(each.sha256),
            mark=str(kept[each.sha256][1]) if marked else None,
        )
        for each in confirmed
    ]
    if not entries:
        return 0
    loaded = hashes.prepare(work, chosen, entries, lambda: source, mode=Mode.ADD, form=FORM)
    return loaded.added
