"""Verbs on hash lists, and the exact look-up that other rooms' actions use."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.actors import CONSOLE
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.building import build_absent
from tipbridge.knowledge.hashes.bulk import store as bulk
from tipbridge.knowledge.hashes.errors import ListNameTaken, NothingWaits, NotTheSecondPerson
from tipbridge.knowledge.hashes.forms import NSRL, TEXT, read_form
from tipbridge.knowledge.hashes.guarding import guard_of
from tipbridge.knowledge.hashes.importing import Digested, Loading
from tipbridge.knowledge.hashes.indexes import build_indexes, indexes_of
from tipbridge.knowledge.hashes.knowngood.reading import SetFile
from tipbridge.knowledge.hashes.lookups import MOST_HITS, RADIUS, Answers, Matches, Query
from tipbridge.knowledge.hashes.matching import checked_queries, match, tell
from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Found,
    Handling,
    HashList,
    Hit,
    Import,
    ImportCounts,
    ListPurpose,
    Mode,
    Scheme,
    Version,
)
from tipbridge.knowledge.hashes.rules import may_activate
from tipbridge.knowledge.hashes.signing import content_digest, envelope_digest, sign_version

NAME_LENGTH = 100
_KEEPERS = (Role.ANALYST, Role.EXAMINER)
_READERS = (*_KEEPERS, Role.INVESTIGATOR, Role.AUDITOR)
_FOUND = tuple(each for each in ListPurpose if each is not ListPurpose.KNOWN_GOOD)


@action("hashes.list.added", roles=_KEEPERS)
def add_list(
    work: Work,
    *,
    name: str,
    purpose: str,
    owner: str,
    scheme: str = Scheme.FREE,
    handling: str = Handling.AMBER,
) -> HashList:
    """Open an empty list; its purpose is one of the closed set or it does not load.

    Errors: Invalid for another purpose, scheme or handling, or an empty name; ListNameTaken.
    """
    for what, given, allowed in (
        ("purpose", purpose, ListPurpose),
        ("scheme", scheme, Scheme),
        ("handling", handling, Handling),
    ):
        if given not in set(allowed):
            raise Invalid(f"A hash list's {what} is one of: {', '.join(allowed)}.")
    for what, text in (("name", name), ("owner: the body that answers for its entries", owner)):
        if not text.strip() or len(text) > NAME_LENGTH or not text.isprintable():
            raise Invalid(f"A hash list needs 1 to {NAME_LENGTH} printable characters as {what}.")
    if store.list_by_name(work.db, name) is not None:
        raise ListNameTaken(name)
    new = HashList(
        id=work.ids.new(),
        name=name,
        purpose=ListPurpose(purpose),
        owner=owner,
        scheme=Scheme(scheme),
        handling=Handling(handling),
        added_at=work.now,
        added_by=person(work),
    )
    store.add_list(work.db, new)
    work.record(new.id, purpose=new.purpose, scheme=new.scheme, handling=new.handling)
    return new


@action("hashes.list.imported", roles=_KEEPERS)
def import_list(
    work: Work,
    *,
    name: str,
    lines: Iterable[bytes] | Path,
    form: str = TEXT,
    mode: str = Mode.ADD,
    kind: str | None = None,
    valid_until: datetime | None = None,
) -> ImportCounts:
    """Load a file into the version of a list that is being prepared: all of it, or nothing.

    Shape: what stands in effect does not change until somebody else activates the version. `lines`
    is the path of a set that comes as a database.
    Errors: NotFound; Invalid; ListRejected with the line numbers.
    """
    if mode not in set(Mode):
        raise Invalid(f"An import's mode is one of: {', '.join(Mode)}.")
    if kind is not None and kind not in set(DigestKind):
        raise Invalid(f"A digest's kind is one of: {', '.join(DigestKind)}.")
    hash_list = find_list(work, name)
    if form == NSRL and hash_list.purpose is not ListPurpose.KNOWN_GOOD:
        raise Invalid(
            f"A set of the form {NSRL} says which files nobody has to look at: it is loaded into a"
            f" list of the purpose {ListPurpose.KNOWN_GOOD}, and {name} is {hash_list.purpose}."
        )
    file = SetFile(lines) if isinstance(lines, Path) else Digested(lines)
    found = read_form(
        form,
        file,
        kind=None if kind is None else DigestKind(kind),
        scheme=hash_list.scheme,
        reduces=hash_list.purpose is ListPurpose.KNOWN_GOOD,
    )
    counts = prepare(
        work,
        hash_list,
        found,
        file.sha256,
        mode=Mode(mode),
        form=form,
        valid_until=valid_until,
    )
    work.record(
        hash_list.id,
        version=counts.version,
        revision=counts.revision,
        added=counts.added,
        changed=counts.changed,
        removed=counts.removed,
        already_there=counts.already_there,
        not_there=counts.not_there,
        trivial_refused=counts.trivial_refused,
        passed_over=sum(counts.passed_over.values()),
        file_sha256=counts.file_sha256,
    )
    return counts


def prepare(
    work: Work,
    hash_list: HashList,
    found: Iterable[Found],
    file_sha256: Callable[[], str],
    *,
    mode: Mode,
    form: str,
    valid_until: datetime | None = None,
    only_news: bool = False,
) -> ImportCounts:
    """Write records into the version that is being prepared, within the caller's own action.

    Shape: `file_sha256` is asked once all records were taken. With `only_news` records that change
    nothing make no version and leave the one that waits as it was looked at.
    Errors: ListRejected.
    """
    store.hold_list(work.db, hash_list.id)
    loading = Loading(work, hash_list, store.next_version(work.db, hash_list.id), mode)
    loading.load(found)
    file = file_sha256()
    version = revision = None
    if loading.changes or not only_news:
        version, revision = store.open_draft(
            work.db, hash_list.id, at=work.now, valid_until=valid_until
        )
        done = Import(
            revision=revision,
            at=work.now,
            person=person(work),
            mode=mode,
            form=form,
            file_sha256=file,
            added=loading.added,
            changed=loading.changed,
            removed=loading.removed,
            already_there=loading.already_there,
            trivial_refused=loading.trivial.total(),
            not_there=loading.not_there,
            passed_over=loading.passed_over.total(),
        )
        store.note_import(work.db, hash_list.id, version, done)
    return ImportCounts(
        version=version,
        revision=revision,
        added=loading.added,
        changed=loading.changed,
        removed=loading.removed,
        already_there=loading.already_there,
        not_there=loading.not_there,
        trivial_refused=loading.trivial.total(),
        trivial=dict(loading.trivial),
        passed_over=dict(loading.passed_over),
        file_sha256=file,
    )


@action("hashes.version.activated", roles=_KEEPERS)
def activate_version(work: Work, *, name: str, revision: int | None = None) -> Version:
    """Put the version that waits into effect, as a second person; this node signs it.

    Shape: `revision` is what the caller looked at; a later import makes it another one.
    Errors: NotFound; NothingWaits; NotTheSecondPerson.
    """
    hash_list = find_list(work, name)
    store.hold_list(work.db, hash_list.id)
    history = store.versions(work.db, hash_list.id)
    waiting = history[-1] if history else None
    if waiting is None or waiting.activated_at is not None:
        raise NothingWaits(f"No version of the list {name} waits; import something first.")
    if revision is not None and revision != waiting.revision:
        raise NothingWaits(
            f"Version {waiting.number} of {name} was changed since: it is at revision"
            f" {waiting.revision}, not {revision}; look at it again."
        )
    by = person(work)
    prepared_by = {each.person for each in waiting.imports}
    if waiting.number == 1:
        prepared_by.add(hash_list.added_by)
    refusal = may_activate(prepared_by, by, nobody=CONSOLE)
    if refusal is not None:
        raise NotTheSecondPerson(refusal, id=hash_list.id)
    done = _signed(work, hash_list, waiting, history[-2] if len(history) > 1 else None, by)
    store.put_into_effect(work.db, hash_list.id, done)
    work.record(
        hash_list.id,
        version=done.number,
        content_sha256=done.content_sha256,
        entries=done.entry_count,
    )
    work.emit("hashes.version.activated", list_id=hash_list.id)
    return done


def _signed(
    work: Work, hash_list: HashList, waiting: Version, before: Version | None, by: str
) -> Version:
    digest, count = content_digest(bulk.content_lines(work.db, hash_list.id, waiting.number))
    done = replace(
        waiting,
        content_sha256=digest,
        entry_count=count,
        activated_at=work.now,
        activated_by=by,
    )
    last = None if before is None else envelope_digest(before.envelope)
    return replace(done, envelope=sign_version(work.node, hash_list, done, before=last))


@action("hashes.lists.read", roles=_READERS)
def list_lists(work: Work) -> list[HashList]:
    """Every list with its purpose, owner, versions and number of entries in effect."""
    found = store.all_lists(work.db)
    work.record("all", count=len(found))
    return found


def known(work: Work, digests: Iterable[str]) -> dict[str, tuple[Hit, ...]]:
    """Which of these digests stand on a list in effect, within the caller's own action.

    Shape: lower-case hexadecimal (MD5, SHA-1 or SHA-256); digests without a hit are left out.
    Lists of known-good files are not looked into.
    """
    return store.known(work.db, digests, purposes=_FOUND, now=work.now)


def known_on(
    work: Work, digests: Iterable[str], lists: Iterable[str]
) -> dict[str, tuple[Hit, ...]]:
    """Which of these digests stand on these lists, by ids, of whatever purpose; one in effect only."""
    return store.known(work.db, digests, purposes=ListPurpose, now=work.now, lists=lists)


def lists_in_effect(work: Work) -> list[HashList]:
    """Every list that is looked into now, known-good ones too, by name, within the caller's own action."""
    return [
        each
        for each in store.all_lists(work.db)
        if each.active_version is not None
        and (each.valid_until is None or each.valid_until > work.now)
    ]


def find_list(work: Work, name: str) -> HashList:
    """A list by its name, within the caller's own action. Errors: NotFound."""
    found = store.list_by_name(work.db, name)
    if found is None:
        raise NotFound("hash list", name)
    return found


@action("hashes.digests.matched", roles=_KEEPERS)
def match_digests(
    work: Work,
    queries: Sequence[Query],
    *,
    lists: Iterable[str] | None = None,
    radius: int = RADIUS,
    most: int = MOST_HITS,
    build: bool = False,
) -> Matches:
    """Which entries of which lists in effect these files match, and how nearly.

    Shape: with `build`, index files that are not there yet are built first, where no worker runs.
    Errors: Invalid; NotFound for a name that is no list in effect.
    """
    if build:
        build_absent(work)
    catalogue = indexes_of(work.node).renew(work)
    found = match(work, catalogue, queries, names=lists, radius=radius, most=most)
    work.record(
        "all",
        items=len(queries),
        hits=sum(1 for each in found.answers if each.hits),
        not_searched=len(found.not_searched),
    )
    return found


@action("hashes.digests.answered", provider=True)
def match_for_provider(work: Work, queries: Sequence[Query]) -> Answers:
    """Which of these files are known, as much as a provider may learn: list and class alone.

    Errors: Invalid; TooManyLookups.
    """
    checked_queries(queries)
    guard, catalogue = guard_of(work.node), indexes_of(work.node).catalogue()
    guard.admit(work.actor.id, len(queries), work.now)
    answers = tell(catalogue, queries)
    work.record(
        work.actor.id,
        items=len(queries),
        hits=sum(1 for each in answers.answers if each.hits),
        not_searched=answers.not_searched,
    )
    alarm = guard.watch(work.actor.id, queries, answers.answers, work.now)
    if alarm is not None:
        work.after_commit(alarm)
    return answers


@action("hashes.indexes.built", system=True, idle=True)
def build_missing(work: Work, **_: str) -> int:
    """Build the index files of lists in effect that have none; says for how many."""
    built = build_absent(work)
    if built:
        work.record("all", lists=len(built), rows=sum(built))
    return len(built)


@action("hashes.list.rebuilt", roles=_KEEPERS)
def rebuild_list(work: Work, *, name: str) -> int:
    """Build the index files of a list in effect anew from the database, whatever lies there.

    Shape: says how many rows; every process goes over to them when it looks next.
    Errors: NotFound for a name that is no list in effect.
    """
    store.let_one_build(work.db)
    found = find_list(work, name)
    if found.active_version is None:
        raise NotFound("hash list in effect", name)
    version = found.active_version
    rows = build_indexes(work, found, version, found.content_sha256 or "", anew=True)
    work.record(found.id, version=version, rows=rows)
    return rows


def list_names(work: Work) -> dict[str, str]:
    """The name of every list by its id, within the caller's own action."""
    return {each.id: each.name for each in store.all_lists(work.db)}


def all_lists(work: Work) -> list[HashList]:
    """Every list, in effect or not, within the caller's own action."""
    return list(store.all_lists(work.db))


def count_waiting(work: Work) -> int:
    """How many lists have a version that waits to be activated, for the start page."""
    return sum(1 for each in store.all_lists(work.db) if each.waiting_version is not None)


def names_of_people(work: Work, versions: Iterable[Version]) -> dict[str, str]:
    """User names of the people behind versions, within the caller's own action."""
    ids = {each.person for version in versions for each in version.imports}
    ids |= {version.activated_by for version in versions if version.activated_by}
    found = {each.id: each.username for each in access_store.all_staff(work.db)}
    return {id_: found[id_] for id_ in ids if id_ in found}


def person(work: Work) -> str:
    """Who acts, counted as a person: somebody with two user names is one."""
    return access_store.person_of(work.db, work.actor.id)
