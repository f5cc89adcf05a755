"""The welfare record of a child in a case: contact, talks, follow-ups, clocks, coercive steps."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tipbridge.knowledge.law.model import Mark
from tipbridge.police.cases.model import Motive, PersonRole


class Reason(StrEnum):
    """Why a record is open. Closed."""

    MINOR = "minor"
    AGE_MAY_BE_MINOR = "age-may-be-minor"
    VICTIM = "victim"
    PUPIL = "pupil"
    SELF_PRODUCTION = "self-production"


class GuardianNotice(StrEnum):
    """Whether the guardian was told. Closed; nothing recorded means that it is not known."""

    GIVEN = "given"
    NO_GUARDIAN = "no-guardian"
    WITHHELD_GUARDIAN_SUSPECTED = "withheld-guardian-suspected"
    WITHHELD_CHILD_IN_DANGER = "withheld-child-in-danger"
    WITHHELD_AGENCY_ADVISES = "withheld-agency-advises"


class Consent(StrEnum):
    """What was said to the support that was offered. Closed."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentBy(StrEnum):
    """Who said it. Closed."""

    CHILD = "child"
    GUARDIAN = "guardian"
    BOTH = "child-and-guardian"
    COURT = "court"


class OwnMaterial(StrEnum):
    """What was found where nobody could be asked to take the child's own material down. Closed."""

    NO_PLACE_KNOWN = "no-place-known"


class Ending(StrEnum):
    """What came of a record. Closed."""

    SUPPORT_GIVEN = "support-given"
    HANDED_TO_AGENCY = "handed-to-agency"
    SUPPORT_DECLINED = "support-declined"
    NO_NEED_FOUND = "no-need-found"
    NOT_A_MINOR = "not-a-minor"
    NOT_FOUND = "child-not-found"
    CONTACT_LOST = "contact-lost"
    OPENED_BY_MISTAKE = "opened-by-mistake"
    KEPT_WITH_ANOTHER = "kept-with-another"


BY_STRIKE = frozenset({Ending.OPENED_BY_MISTAKE, Ending.KEPT_WITH_ANOTHER})
"""The endings that a strike says: of nobody's record, and of a child's second one."""
CHOSEN = tuple(each for each in Ending if each not in BY_STRIKE)
"""The endings that staff choose."""


class TalkWith(StrEnum):
    """Who the police had a prevention talk with. Closed."""

    CHILD = "child"
    GUARDIAN = "guardian"
    SCHOOL = "school"


class FollowUpKind(StrEnum):
    """What is done later for a child; a review looks again whether it is safe. Closed."""

    AGENCY_CALL = "agency-call"
    COUNSELLING = "counselling"
    HOME_VISIT = "home-visit"
    SCHOOL_VISIT = "school-visit"
    MATERIAL_CHECK = "material-check"
    REVIEW = "review"


class ClockStep(StrEnum):
    """What has a day of its own in a record. Closed."""

    AGENCY_CONTACT = "agency-contact"
    REMOVAL_REQUEST = "removal-request"
    GUARDIAN_NOTICE = "guardian-notice"
    CHILD_TALK = "child-talk"
    GUARDIAN_TALK = "guardian-talk"
    SCHOOL_TALK = "school-talk"
    REVIEW = "review"


class CoerciveStep(StrEnum):
    """What the police do to a person against their will. Closed."""

    BOOKING = "booking"
    DETENTION = "detention"
    ARREST = "arrest"
    SEARCH = "search"
    SEIZURE = "seizure"
    QUESTIONING = "questioning"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """By when a step is due: dated data with its source and how sure we are of it.

    Shape: `jurisdiction` "*" holds where no own rule does; `roles` empty: for every role.
    """

    step: ClockStep
    jurisdiction: str
    from_on: date
    days: int
    roles: frozenset[PersonRole]
    citation: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One day that a record must keep.

    Shape: `missed_at` is never taken back, and `met_on` only where it rested on a mistake.
    A record that opens again has a further round of days: only what is done from `again_from`
    on meets them, and those before stay as they were, `replaced_at` then; so does a single day
    that a sooner one took the place of.
    """

    welfare_id: str
    step: ClockStep
    due_on: date
    citation: str
    mark: Mark
    met_on: date | None = None
    missed_at: datetime | None = None
    round: int = 1
    again_from: date | None = None
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What everybody who works on the case sees of a record: that it is there, and contact.

    Shape: `removal_waits` says that a request for removal of what shows the child was written,
    and that it has yet to be sent or brought; `removal_held` that it can't be while a referral's
    mark forbids it.
    """

    welfare_id: str
    case_id: str
    person_id: str
    opened_at: datetime
    contacted_on: date | None
    closed_at: datetime | None
    removal_waits: bool = False
    removal_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Welfare:
    """What is done for a child, whatever the child did.

    Shape: None where nothing is known yet. `members` see the record without seeing the case;
    a `narrowed` record is seen by them alone.
    """

    id: str
    case_id: str
    person_id: str
    jurisdiction: str
    reasons: tuple[Reason, ...]
    opened_at: datetime
    due_on: date
    agency: str | None = None
    contact_made: bool | None = None
    contact_on: date | None = None
    guardian_notice: GuardianNotice | None = None
    guardian_notice_on: date | None = None
    consent: Consent | None = None
    consent_by: ConsentBy | None = None
    consent_on: date | None = None
    own_material: OwnMaterial | None = None
    own_material_on: date | None = None
    ending: Ending | None = None
    closed_at: datetime | None = None
    narrowed: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareFacts:
    """What staff record about a child's welfare; None leaves what is known as it is.

    Shape: a day that is left out is today's, or the one that is known of the same.
    """

    agency: str | None = None
    contact_made: bool | None = None
    contact_on: date | None = None
    guardian_notice: GuardianNotice | None = None
    guardian_notice_on: date | None = None
    consent: Consent | None = None
    consent_by: ConsentBy | None = None
    consent_on: date | None = None
    own_material: OwnMaterial | None = None
    own_material_on: date | None = None


class WelfareFact(StrEnum):
    """What a record says and may say otherwise later, by its name in commands. Closed."""

    AGENCY = "agency"
    CONTACT_MADE = "contact-made"
    CONTACT_ON = "contact-on"
    GUARDIAN_NOTICE = "guardian-notice"
    GUARDIAN_NOTICE_ON = "guardian-notice-on"
    CONSENT = "consent"
    CONSENT_BY = "consent-by"
    CONSENT_ON = "consent-on"
    OWN_MATERIAL = "own-material"
    OWN_MATERIAL_ON = "own-material-on"
    ENDING = "ending"

    def of(self, welfare: Welfare) -> str | bool | date | None:
        """What a record says of it; None: nothing."""
        return getattr(welfare, self.value.replace("-", "_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareChange:
    """What a record said before it said otherwise, and who changed it.

    Shape: what changed together has one `id`; a `before` of None: nothing was known.
    """

    id: str
    welfare_id: str
    fact: WelfareFact
    before: str | bool | date | None = field(repr=False)
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A prevention talk; `why` is what was said about why it happened.

    Shape: one taken back was written down by mistake, and counts nowhere.
    """

    id: str
    welfare_id: str
    talk_with: TalkWith
    on: date
    why: Motive | None
    by: str
    taken_back_by: str | None = None
    taken_back_at: datetime | None = None
    taken_back_because: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Something promised for a later day; done, dropped with a reason, or waiting."""

    id: str
    welfare_id: str
    kind: FollowUpKind
    due_on: date
    done_on: date | None
    done_by: str | None
    dropped_by: str | None = None
    dropped_on: date | None = None
    dropped_because: str | None = field(default=None, repr=False)

    @property
    def waits(self) -> bool:
        """Whether it is still to be done."""
        return self.done_on is None and self.dropped_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """A coercive step on somebody; before contact only with the reason of a named person."""

    id: str
    case_id: str
    person_id: str
    step: CoerciveStep
    on: date
    contacted: bool
    grounds: str | None = field(default=None, repr=False)
    by: str
    at: datetime
