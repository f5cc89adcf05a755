"""Verbs on identifiers that staff find, and on those that turn out to be somebody else's."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, identifiers, store
from tipbridge.police.cases.model import Identifier, Person, TakenBack
from tipbridge.police.cases.seeing import WORKING, case_seen, person_in


@action("cases.identifier.added", roles=WORKING)
def add_identifier(
    work: Work, person_id: str, identifier: Identifier, *, case_id: str | None = None
) -> None:
    """Add an identifier that staff found, in its normal form; one taken back is theirs again.

    Shape: as written, `scope` being the service of an account or the type of a device; a phone
    number without its country is one of the person's, else of the case's. With `case_id`, only of somebody of that
    very case. Other cases that know it are linked, and referrals to come that name it attached.
    Errors: NotFound; Invalid naming what is wanted of its kind.
    """
    person = _person(work, person_id, case_id)
    checks.words("value", identifier.value)
    identifier = _normal(work, person, identifier)
    store.restore_identifier(work.db, person.id, identifier)
    store.add_identifiers(work.db, person, [identifier], at=work.now)
    work.record(person.case_id, person=person.id, kind=identifier.kind)
    work.emit("cases.identifier.added", case_id=person.case_id)


@action("cases.identifier.taken-back", roles=WORKING)
def take_back_identifier(
    work: Work,
    person_id: str,
    identifier: Identifier,
    *,
    because: str,
    case_id: str | None = None,
) -> None:
    """Say why an identifier is not somebody's: it attaches, links and is searched no more.

    Shape: it stays in the record with the reason, and no referral to come brings it back; links
    that it proposed stand until staff decide them.
    Errors: NotFound; Invalid without a reason.
    """
    person = _person(work, person_id, case_id)
    why = checks.text("because", because)

    def taken_back(form: Identifier) -> bool:
        by, at = work.actor.id, work.now
        return store.take_back_identifier(work.db, person.id, form, because=why, by=by, at=at)

    # As it is kept first: what could not be read has no normal form.
    if not taken_back(identifier) and not taken_back(_normal(work, person, identifier)):
        raise NotFound("identifier of this person", identifier.kind.value)
    work.record(person.case_id, person=person.id, kind=identifier.kind)


def taken_back_seen(work: Work, person_id: str) -> list[TakenBack]:
    """What was taken back of somebody, within the caller's own action."""
    return store.taken_back_of(work.db, person_id)


def _normal(work: Work, person: Person, written: Identifier) -> Identifier:
    region = person.country or case_seen(work, person.case_id).jurisdiction[:2].upper()
    return identifiers.read(written.kind, written.value, service=written.scope, region=region)


def _person(work: Work, person_id: str, case_id: str | None) -> Person:
    return person_in(work, case_id, person_id)
