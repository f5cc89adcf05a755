"""The pages of cases."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.knowledge.law.model import Birth, Certainty, Offence, SchoolLevel
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.police.cases import (
    actions,
    appraising,
    identifiers,
    identifying,
    seeing,
    stating,
)
from tipbridge.police.cases.acts import UNKNOWN, PersonAct, act_in_words, acts_of, read_act
from tipbridge.police.cases.asking import pages as asking_pages
from tipbridge.police.cases.changing import actions as changing
from tipbridge.police.cases.changing import pages as changing_pages
from tipbridge.police.cases.changing import rules as changes
from tipbridge.police.cases.changing.model import WITHDRAWABLE
from tipbridge.police.cases.children import pages as children_pages
from tipbridge.police.cases.demands import pages as demands_pages
from tipbridge.police.cases.diary import pages as diary_pages
from tipbridge.police.cases.fairness import pages as fairness_pages
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.handing import pages as handing_pages
from tipbridge.police.cases.humans import actions as humans
from tipbridge.police.cases.humans import pages as humans_pages
from tipbridge.police.cases.joining import pages as joining_pages
from tipbridge.police.cases.misplaced import pages as misplaced_pages
from tipbridge.police.cases.model import (
    Act,
    Exploiting,
    Identifier,
    IdentifierKind,
    KnownPerson,
    Motive,
    PersonFacts,
    PersonRole,
    WelfareFlag,
)
from tipbridge.police.cases.names import names_of_staff
from tipbridge.police.cases.numbers import pages as numbers_pages
from tipbridge.police.cases.searching import pages as searching_pages
from tipbridge.police.cases.seeing import WORKING
from tipbridge.police.cases.sightings.present import moment_sent, moment_shown, seen_together
from tipbridge.police.cases.struck.reading import strikes_seen
from tipbridge.police.cases.tasks import actions as tasks
from tipbridge.police.cases.tasks import pages as tasks_pages
from tipbridge.police.cases.told import actions as telling
from tipbridge.police.cases.told import pages as told_pages
from tipbridge.police.cases.waiting import pages as waiting_pages
from tipbridge.police.cases.waiting.actions import unfit_seen, waiting_seen
from tipbridge.sharing.referral.appraising import appraisals_of
from tipbridge.tips.intake.model import Appraisal
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()
router.include_router(numbers_pages.router)
router.include_router(joining_pages.router)
router.include_router(humans_pages.router)
router.include_router(diary_pages.router)
router.include_router(tasks_pages.router)
router.include_router(misplaced_pages.router)
router.include_router(demands_pages.router)
router.include_router(handing_pages.router)
router.include_router(changing_pages.router)
router.include_router(children_pages.router)
router.include_router(asking_pages.router)
router.include_router(searching_pages.router)
router.include_router(fairness_pages.router)
router.include_router(waiting_pages.router)
router.include_router(told_pages.router)

NAV = (
    NavEntry(label="Cases", path="/cases", roles=WORKING, waiting=actions.count_waiting),
    NavEntry(label="Tasks", path="/tasks", roles=WORKING, waiting=tasks.count_waiting),
    NavEntry(label="Hand-overs", path="/hand-overs", roles=WORKING, waiting=handing.count_offered),
    NavEntry(label="Search", path="/search", roles=WORKING),
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class UnitForm(_Strict):
    """What the form that gives a case to a unit sends."""

    unit: str


class AppraisalForm(_Strict):
    """What a button that tells of a referral's use sends."""

    referral: str
    appraisal: Appraisal


class MembersForm(_Strict):
    """What the form that restricts a case sends; usernames apart by commas."""

    members: str = ""


class PersonForm(_Strict):
    """What the form for a person sends; an empty field leaves what is known as it is."""

    roles: list[str] = []
    reference: str = ""
    name: str = ""
    birth_earliest: str = ""
    birth_latest: str = ""
    birth_certainty: str = ""
    depicted_earliest: str = ""
    depicted_latest: str = ""
    depicted_certainty: str = ""
    school_level: str = ""
    country: str = ""
    offence: str = ""
    act: str = ""
    act_on: str = ""
    place_kind: str = ""
    place_service: str = ""
    self_produced: str = ""
    motive: str = ""
    nationalities: str = ""
    guardian: str = ""
    guardian_contact: str = ""
    counsel: str = ""
    counsel_contact: str = ""
    flags_given: str = ""
    flags: list[str] = []
    further_acts_given: str = ""
    further_was: list[str] = []
    further_offence: list[str] = []
    further_on: list[str] = []
    further_until: list[str] = []
    further_role: list[str] = []
    further_own: list[str] = []
    because: str = ""


class IdentifierForm(_Strict):
    """What the forms for an identifier send; `because` says why it is taken back."""

    kind: IdentifierKind
    service: str = ""
    value: str
    because: str = ""


class ExploitingForm(_Strict):
    """What the form about exploitation sends; no answer means that it is not known."""

    answer: str = ""
    source: str


@router.get("/cases")
def show_cases(request: Request) -> Response:
    """The cases that the reader sees."""
    with staff_work(request) as work:
        lines = actions.list_cases(work)
        waiting, unfit = waiting_seen(work), unfit_seen(work)
    return page(
        request,
        "cases/cases.html",
        lines=lines,
        waiting=waiting,
        unfit=unfit,
        origins=tuple(CaseOrigin),
    )


@router.get("/cases/{case_id}")
def show_case(request: Request, case_id: str, told: Appraisal | None = None) -> Response:
    """One case: people, referrals and their steps, links, tasks."""
    with staff_work(request) as work:
        file = actions.read_case(work, case_id)
        said = appraisals_of(work, [each.referral_id for each in file.referrals])
        units = actions.units_to_give(work)
        unread = telling.unread_in(work, file.case)
    everybody = (*(each.person for each in file.people), *(each.person for each in file.struck))
    names = {person.id: person.position for person in everybody}
    return page(
        request,
        "cases/case.html",
        file=file,
        units=units,
        positions=names,
        roles=tuple(PersonRole),
        appraisals=tuple(Appraisal),
        said=said,
        told=told,
        unread=unread,
        day_there=partial(seeing.day_there, file.case.jurisdiction),
    )


@router.post("/cases/{case_id}/feedback")
def post_feedback(
    request: Request, case_id: str, form: Annotated[AppraisalForm, Form()]
) -> Response:
    """Tell of what use a referral of the case was."""
    with staff_work(request) as work:
        appraising.appraise(work, case_id, appraisal=form.appraisal, referral=form.referral)
    return see_other(f"/cases/{case_id}?told={form.appraisal}")


@router.post("/cases/{case_id}/unit")
def post_unit(request: Request, case_id: str, form: Annotated[UnitForm, Form()]) -> Response:
    """Give a case to a unit."""
    with staff_work(request) as work:
        actions.assign_case(work, case_id, unit=form.unit)
    return see_other(f"/cases/{case_id}")


@router.post("/cases/{case_id}/members")
def post_members(request: Request, case_id: str, form: Annotated[MembersForm, Form()]) -> Response:
    """Restrict a case to named members of staff."""
    members = tuple(each.strip() for each in form.members.split(",") if each.strip())
    with staff_work(request) as work:
        actions.restrict_case(work, case_id, members=members)
    return see_other(f"/cases/{case_id}")


@router.post("/cases/{case_id}/members/lift")
def post_lift(request: Request, case_id: str) -> Response:
    """Let the whole unit see a case again."""
    with staff_work(request) as work:
        actions.lift_restriction(work, case_id)
    return see_other(f"/cases/{case_id}")


@router.post("/cases/{case_id}/people")
def post_new_person(
    request: Request, case_id: str, role: Annotated[PersonRole, Form()]
) -> Response:
    """Bring somebody into a case."""
    with staff_work(request) as work:
        person_id = actions.add_person(work, case_id, roles=[role])
    return see_other(f"/cases/{case_id}/people/{person_id}")


@router.get("/cases/{case_id}/people/{person_id}")
def show_person(
    request: Request,
    case_id: str,
    person_id: str,
    kind: IdentifierKind | None = None,
    value: str = "",
) -> Response:
    """What is known of somebody, and the forms to write down more; a link may fill in one."""
    with staff_work(request) as work:
        file = actions.read_case(work, case_id)
        known = _known(file, person_id)
        taken_back = identifying.taken_back_seen(work, known.person.id)
        earlier = changing.changes_seen(work, known.person.id)
        names = names_of_staff(work)
        strikes = strikes_seen(work, known.person.id)
        elsewhere = humans.elsewhere(work, known.person)
    return page(
        request,
        "cases/person.html",
        file=file,
        known=known,
        taken_back=taken_back,
        earlier=[change for change in earlier if change.before is not None],
        names=names,
        strikes=strikes,
        elsewhere=elsewhere,
        every_act=acts_of(known.person),
        act_of=act_in_words,
        withdrawable=[f for f in WITHDRAWABLE if changes.known(known.person, f) is not None],
        kinds=identifiers.WRITTEN,
        given=(kind, value),
        roles=tuple(PersonRole),
        certainties=tuple(Certainty),
        schools=tuple(SchoolLevel),
        offences=tuple(Offence),
        acts=tuple(Act),
        places=tuple(PlaceKind),
        motives=tuple(Motive),
        flags=tuple(WelfareFlag),
        exploiting=tuple(Exploiting),
        further=acts_of(known.person)[1:],
        moment_shown=partial(moment_shown, zone=seeing.zone_there(file.case.jurisdiction)),
        moment_sent=moment_sent,
        seen_together=seen_together,
    )


@router.post("/cases/{case_id}/people/{person_id}")
def post_person(
    request: Request, case_id: str, person_id: str, form: Annotated[PersonForm, Form()]
) -> Response:
    """Write down what is known of somebody."""
    with staff_work(request) as work:
        actions.record_person(
            work, person_id, person_facts(form), because=form.because or None, case_id=case_id
        )
    return see_other(f"/cases/{case_id}")


@router.post("/cases/{case_id}/people/{person_id}/identifiers")
def post_identifier(
    request: Request, case_id: str, person_id: str, form: Annotated[IdentifierForm, Form()]
) -> Response:
    """Add an identifier that staff found."""
    found = Identifier(kind=form.kind, scope=form.service, value=form.value)
    with staff_work(request) as work:
        identifying.add_identifier(work, person_id, found, case_id=case_id)
    return see_other(f"/cases/{case_id}/people/{person_id}")


@router.post("/cases/{case_id}/people/{person_id}/identifiers/taking-back")
def post_taking_back(
    request: Request, case_id: str, person_id: str, form: Annotated[IdentifierForm, Form()]
) -> Response:
    """Say why an identifier is not somebody's."""
    gone = Identifier(kind=form.kind, scope=form.service, value=form.value)
    with staff_work(request) as work:
        identifying.take_back_identifier(
            work, person_id, gone, because=form.because, case_id=case_id
        )
    return see_other(f"/cases/{case_id}/people/{person_id}")


@router.post("/cases/{case_id}/people/{person_id}/exploitation")
def post_exploiting(
    request: Request, case_id: str, person_id: str, form: Annotated[ExploitingForm, Form()]
) -> Response:
    """Write down what was found of exploitation, and how it is known."""
    try:
        answer = Exploiting(form.answer) if form.answer else None
    except ValueError as error:
        raise Invalid(f"answer is empty or one of: {', '.join(Exploiting)}.") from error
    with staff_work(request) as work:
        stating.state_exploitation(work, person_id, answer, source=form.source, case_id=case_id)
    return see_other(f"/cases/{case_id}/people/{person_id}")


def person_facts(form: PersonForm) -> PersonFacts:
    """The facts that a form sends.

    Errors: Invalid for a word or day that is none.
    """
    try:
        return PersonFacts(
            reference=form.reference or None,
            name=form.name or None,
            roles=frozenset(PersonRole(role) for role in form.roles) or None,
            birth=_birth(form.birth_earliest, form.birth_latest, form.birth_certainty),
            depicted_born=_birth(
                form.depicted_earliest, form.depicted_latest, form.depicted_certainty
            ),
            school_level=SchoolLevel(form.school_level) if form.school_level else None,
            country=form.country or None,
            offence=Offence(form.offence) if form.offence else None,
            act=Act(form.act) if form.act else None,
            act_on=date.fromisoformat(form.act_on) if form.act_on else None,
            place_kind=PlaceKind(form.place_kind) if form.place_kind else None,
            place_service=form.place_service or None,
            self_produced={"yes": True, "no": False}.get(form.self_produced),
            motive=Motive(form.motive) if form.motive else None,
            nationalities=_codes(form.nationalities),
            guardian=form.guardian or None,
            guardian_contact=form.guardian_contact or None,
            counsel=form.counsel or None,
            counsel_contact=form.counsel_contact or None,
            flags=frozenset(map(WelfareFlag, form.flags)) if form.flags_given else None,
            further_acts=_further_acts(form) if form.further_acts_given else None,
        )
    except ValueError as error:
        raise Invalid("A word is not of its closed list, or a day is none.") from error


def _further_acts(form: PersonForm) -> tuple[str, ...] | None:
    """The further acts of a form, a row each; a row without offence and day is none.

    Shape: a row as it was shown is the act that it was, whatever the form has no field for; None
    when all are.
    Errors: Invalid.
    """
    found: list[str] = []
    columns = (
        form.further_offence,
        form.further_on,
        form.further_until,
        form.further_role,
        form.further_own,
    )
    if len({len(column) for column in (form.further_was, *columns)}) > 1:
        raise Invalid("A further act has what it was, an offence, two days, a role and an answer.")
    for was, *row in zip(form.further_was, *columns, strict=True):
        offence, first, last, role, own = row
        if was and row == _shown(read_act(was)):
            found.append(was)
        elif last and not first:
            raise Invalid(f"A further act that lasts until {last} has a first day.")
        elif role and (offence or first):
            day = f"{first}..{last}" if last else first or UNKNOWN
            found.append(f"{offence or UNKNOWN} {day} {role} {own}")
    return None if found == [was for was in form.further_was if was] else tuple(found)


def _shown(act: PersonAct) -> list[str]:
    """The fields of an act's row."""
    return [
        act.offence or "",
        act.first_on.isoformat() if act.first_on else "",
        act.last_on.isoformat() if act.last_on and act.last_on != act.first_on else "",
        " ".join(sorted(act.roles)),
        {True: "own", False: "not-own", None: ""}[act.self_produced],
    ]


def _birth(first: str, last: str, certainty: str) -> Birth | None:
    if not first:
        return None
    earliest = date.fromisoformat(first)
    return Birth(
        earliest=earliest,
        latest=date.fromisoformat(last) if last else earliest,
        certainty=Certainty(certainty or Certainty.DECLARED),
    )


def _codes(text: str) -> tuple[str, ...] | None:
    return tuple(code.strip() for code in text.split(",") if code.strip()) or None


def _known(file: CaseFile, person_id: str) -> KnownPerson:
    for known in file.people:
        if known.person.id == person_id:
            return known
    for each in file.struck:
        if each.person.id == person_id:
            return KnownPerson(person=each.person, identifiers=())
    raise NotFound("person", person_id)
