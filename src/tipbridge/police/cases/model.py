"""Cases, the people in them and their roles, identifiers, items, links, notices and tasks."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.knowledge.law.model import Birth, Custody, Offence, SchoolLevel, Stage
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.sharing.referral.model import Origin


class PersonRole(StrEnum):
    """What somebody is in a case; one person may be several at once. Closed."""

    REPORTED_USER = "reported-user"
    RECIPIENT = "recipient"
    SUSPECT = "suspect"
    VICTIM = "victim"


class Act(StrEnum):
    """The main thing a person did with the material. Closed."""

    POSTED = "posted"
    DISTRIBUTED = "distributed"
    POSSESSED = "possessed"
    PREPARED_SALES_SITE = "prepared-sales-site"


class Motive(StrEnum):
    """The reason a person states. Closed."""

    SHOWING_OFF = "showing-off"
    FOLLOWERS = "followers"
    CURIOSITY = "curiosity"
    MONEY = "money"
    ACCIDENT = "accident"
    COERCED = "coerced"
    OTHER = "other"


class Exploiting(StrEnum):
    """What was found of force, malice, money or a wide age gap in what a person did. Closed.

    Nothing stated means that it is not known.
    """

    NONE = "no-exploitation"
    AT_HAND = "exploitation-at-hand"
    OF_THE_PERSON = "exploited-themselves"


EXPLOITING = {Motive.MONEY: Exploiting.AT_HAND, Motive.COERCED: Exploiting.OF_THE_PERSON}
"""The motives that say that there was exploitation; no motive says that there was none."""


class WelfareFlag(StrEnum):
    """What whoever meets a person has to know beforehand. Closed."""

    AT_RISK_AT_HOME = "at-risk-at-home"
    SELF_HARM = "self-harm"
    COERCED = "coerced-by-others"
    IN_CARE = "in-care"
    NO_GUARDIAN = "no-guardian-found"
    DISABILITY = "disability"
    INTERPRETER = "needs-interpreter"
    LIKELY_TO_OFFEND = "likely-to-offend"


class IdentifierKind(StrEnum):
    """What points at a person: the first three attach a referral, the others only propose."""

    ACCOUNT = "account"
    PHONE = "phone"
    EMAIL = "email"
    SCREEN_NAME = "screen_name"
    IP = "ip"
    DEVICE = "device"
    FILE = "file"


ATTACHING = frozenset({IdentifierKind.ACCOUNT, IdentifierKind.PHONE, IdentifierKind.EMAIL})


class LinkState(StrEnum):
    """Where a proposed link between two cases stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class TaskKind(StrEnum):
    """What waits to be done in a case. Closed."""

    RESOLVE_AGE = "resolve-age"
    CHASE_DEMAND = "chase-demand"
    CHASE_CORRECTION = "chase-correction"
    REFERRAL_RECALLED = "referral-recalled"
    REFERRAL_CORRECTED = "referral-corrected"
    LINKED_CORRECTED = "linked-corrected"
    ADVICE_CHANGED = "advice-changed"
    DECIDE_ANEW = "appeal-upheld"
    TELL_CORRECTION = "tell-correction"
    TELL_AUTHORITY = "tell-authority"
    TELL_CHANGE = "tell-changed-fact"
    TELL_STEP = "tell-step-taken-back"
    TELL_CHANGE_BUNDLE = "tell-changed-fact-to-receiver"
    PLACE_MOVED = "place-moved"
    PLACE_CONTRADICTED = "place-contradicted"
    NOTICE_FAILED = "notice-failed"
    OWN_MATERIAL_UP = "own-material-up"
    HOST_ANSWERED = "host-answered"
    SAME_PERSON = "same-person"
    FACTS_CONTRADICTED = "facts-contradicted"
    OWN = "own-task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One identifier in its normal form, the form in which identifiers are compared.

    Shape: `scope` is the service of an account or the type of a device, else empty.
    """

    kind: IdentifierKind
    scope: str = ""
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """When something that points at somebody was seen, and where which referral says so.

    Shape: an address is somebody's at a time alone; `event` is what was done then, in the
    provider's word.
    """

    identifier: Identifier
    referral_id: str
    label: str
    at: datetime | None
    port: int | None
    event: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """An identifier that turned out not to be somebody's, and why; it attaches nothing any more."""

    identifier: Identifier
    because: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An agency's own case; `erased_at` is set once nothing but its number is left."""

    id: str
    number: str
    unit_id: int
    restricted: bool
    members: tuple[str, ...]
    jurisdiction: str
    opened_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenReferral:
    """A referral in a case, with the times of its steps along the road."""

    referral_id: str
    case_id: str
    origin: Origin
    channel: str
    basis: str
    report_number: str | None
    provider: str | None
    possible_self_production: bool
    incident_at: datetime | None
    reported_at: datetime | None
    first_sent_at: datetime | None
    sent_at: datetime
    received_at: datetime
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a named member of staff found of exploitation, how it is known, and when they said so."""

    answer: Exploiting
    source: str = field(repr=False)
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a case; stage and custody are two fields, never one.

    Shape: `further_acts` are acts besides the one of `offence` and `act_on`, in their words. `depicted_born` is when
    the child was born whom their acts show, a range over several, who made it of themselves excepted. With
    `struck_at` they were brought in by mistake and struck out.
    """

    id: str
    case_id: str
    position: int
    reference: str | None
    name: str | None = field(repr=False)
    roles: frozenset[PersonRole]
    birth: Birth | None = field(repr=False)
    school_level: SchoolLevel | None
    country: str | None
    offence: Offence | None
    act: Act | None
    act_on: date | None
    place_kind: PlaceKind | None
    place_service: str | None
    self_produced: bool | None
    motive: Motive | None
    stage: Stage
    custody: Custody
    nationalities: tuple[str, ...] = ()
    guardian: str | None = field(default=None, repr=False)
    guardian_contact: str | None = field(default=None, repr=False)
    counsel: str | None = field(default=None, repr=False)
    counsel_contact: str | None = field(default=None, repr=False)
    flags: frozenset[WelfareFlag] = frozenset()
    exploiting: Statement | None = None
    further_acts: tuple[str, ...] = ()
    depicted_born: Birth | None = field(default=None, repr=False)
    struck_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What staff record about a person; None leaves what is known as it is."""

    reference: str | None = None
    name: str | None = field(default=None, repr=False)
    roles: frozenset[PersonRole] | None = None
    birth: Birth | None = field(default=None, repr=False)
    school_level: SchoolLevel | None = None
    country: str | None = None
    offence: Offence | None = None
    act: Act | None = None
    act_on: date | None = None
    place_kind: PlaceKind | None = None
    place_service: str | None = None
    self_produced: bool | None = None
    motive: Motive | None = None
    nationalities: tuple[str, ...] | None = None
    guardian: str | None = field(default=None, repr=False)
    guardian_contact: str | None = field(default=None, repr=False)
    counsel: str | None = field(default=None, repr=False)
    counsel_contact: str | None = field(default=None, repr=False)
    flags: frozenset[WelfareFlag] | None = None
    further_acts: tuple[str, ...] | None = None
    depicted_born: Birth | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two cases that may belong together, and why it was proposed; its number as it is shown.

    Shape: who decided last, and who took that back, if somebody did.
    """

    id: str
    case_id: str
    other_id: str
    kind: IdentifierKind
    state: LinkState
    proposed_at: datetime
    other_number: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reopened_by: str | None = None
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Told to a restricted case alone: another case came upon something it holds."""

    id: str
    case_id: str
    about_case_id: str
    kind: IdentifierKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that waits to be done in a case; an own task says what in its title.

    Shape: of a recalled or corrected referral, `title` is the referral's id. At `left_at` it was
    noted that whoever it is assigned to works on the case no more.
    """

    id: str
    case_id: str
    person_id: str | None
    kind: TaskKind
    opened_at: datetime
    done_at: datetime | None
    title: str | None = field(default=None, repr=False)
    due_on: date | None = None
    assigned_to: str | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in a list: counts, no personal data."""

    id: str
    number: str
    unit: str
    restricted: bool
    opened_at: datetime
    people_count: int
    undecided_count: int
    item_count: int
    task_count: int
    merged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """A person with the identifiers known of them, and when referrals say they were seen."""

    person: Person
    identifiers: tuple[Identifier, ...] = field(repr=False)
    sightings: tuple[Sighting, ...] = field(default=(), repr=False)
