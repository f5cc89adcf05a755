"""Verbs on a child's own file: open, read, write down, and who is on its list."""

from dataclasses import fields, replace

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.children import store
from tipbridge.police.cases.children.model import ChildChange, ChildFacts, ChildFile
from tipbridge.police.cases.handing.actions import listable
from tipbridge.police.cases.leaving.keeping import still_kept
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.cases.seeing import WORKING, case_seen, person_in


@action("cases.child.opened", roles=WORKING)
def open_child_file(work: Work, case_id: str, person_id: str) -> ChildFile:
    """Open the own file of a child in a case, for the actor alone at first.

    Errors: NotFound; Conflict for somebody who is no victim here, or who has a file.
    """
    case, person = case_seen(work, case_id), person_in(work, case_id, person_id)
    if PersonRole.VICTIM not in person.roles:
        raise Conflict("Only a victim has a file of their own; give them that role first.")
    file = ChildFile(
        id=work.ids.new(),
        case_id=case.id,
        person_id=person.id,
        members=(work.actor.id,),
        facts=ChildFacts(),
        opened_by=work.actor.id,
        opened_at=work.now,
    )
    if not store.insert_file(work.db, file):
        raise Conflict("This child has a file of their own already.")
    work.record(case.id, person=person.id, file=file.id)
    return file


@action("cases.child.read", roles=WORKING)
def read_child_file(work: Work, case_id: str, file_id: str) -> ChildFile:
    """A child's own file, and what it said before.

    Errors: NotFound, also for a file on whose list the actor is not.
    """
    file = _seen(work, case_id, file_id)
    work.record(file.id, case=file.case_id)
    return replace(file, changes=tuple(store.changes_of(work.db, file.id)))


@action("cases.child.recorded", roles=WORKING)
def record_child(work: Work, case_id: str, file_id: str, facts: ChildFacts) -> ChildFile:
    """Write down what is known of a child; what is left None stays as it was.

    What was known before stays in the file, with who changed it.
    Errors: NotFound; Invalid naming the field.
    """
    file = _seen(work, case_id, file_id)
    changes = {
        each.name: checks.text(each.name, value)
        for each in fields(facts)
        if (value := getattr(facts, each.name)) is not None
    }
    changed = replace(file, facts=replace(file.facts, **changes))
    store.update_facts(work.db, file.id, changed.facts)
    _keep(work, file, changed)
    work.record(file.id, case=file.case_id, fields=",".join(sorted(changes)))
    return changed


@action("cases.child.admitted", roles=WORKING)
def admit_to_child(work: Work, case_id: str, file_id: str, *, username: str) -> None:
    """Put a member of staff on the list of a child's own file; they must see the case too.

    Errors: NotFound; Conflict for somebody to whom it would open nothing: no investigator, of
    another unit, or not on the list of a restricted case.
    """
    file, case = _seen(work, case_id, file_id), case_seen(work, case_id)
    member_id = listable(work, case, username, roles=frozenset(WORKING))
    if case.restricted and member_id not in case.members:
        raise Conflict("The list would open nothing: put them on the restricted case's list first.")
    store.set_members(work.db, file.id, sorted({*file.members, member_id}))
    work.record(file.id, case=file.case_id, member=member_id)


@action("cases.child.dismissed", roles=WORKING)
def dismiss_from_child(work: Work, case_id: str, file_id: str, *, username: str) -> None:
    """Take a member of staff off the list of a child's own file; somebody else stays on it.

    Errors: NotFound; Conflict for oneself, another does that, and for the last who can use it.
    """
    file, member = _seen(work, case_id, file_id), access_store.staff_by_username(work.db, username)
    if member is None or member.id not in file.members:
        raise NotFound("member of the list", username)
    if member.id == work.actor.id:
        raise Conflict("Let another member of the list take you off it.")
    left = [each for each in file.members if each != member.id]
    with still_kept(work):
        store.set_members(work.db, file.id, left)
    work.record(file.id, case=file.case_id, member=member.id)


def files_of(work: Work, case_id: str) -> list[ChildFile]:
    """The children's own files of a case that the actor is on the list of."""
    return store.files_of(work.db, case_id)


def give_file(work: Work, file: ChildFile, members: tuple[str, ...]) -> bool:
    """Put others on a file's list, since the case went to them; says whether they are others."""
    if members != file.members:
        store.set_members(work.db, file.id, members)
    return members != file.members


def _keep(work: Work, before: ChildFile, after: ChildFile) -> None:
    names = [each.name for each in fields(ChildFacts)]
    change_id, known = work.ids.new(), {name: getattr(before.facts, name) for name in names}
    changes = [
        ChildChange(
            id=change_id,
            file_id=before.id,
            fact=name,
            before=known[name],
            by=work.actor.id,
            at=work.now,
        )
        for name in names
        if known[name] != getattr(after.facts, name)
    ]
    store.insert_changes(work.db, changes)


def _seen(work: Work, case_id: str, file_id: str) -> ChildFile:
    case = case_seen(work, case_id)
    known = {file.id: file for file in store.files_of(work.db, case.id)}
    if file_id not in known:
        raise NotFound("file of a child", file_id)
    return known[file_id]
