"""The documents of the HTTP API: what each has, as OpenAPI describes it."""

from datetime import datetime
from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tipbridge.foundation.base.defanging import defang_within
from tipbridge.sharing.referral.life.model import Saying, Why, Word
from tipbridge.sharing.referral.model import Referral, State
from tipbridge.sharing.referral.system.model import Fetched, Waiting
from tipbridge.tips.intake.model import Appraisal


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WaitingOut(_Document):
    """A referral that is new, or changed since it was taken over."""

    id: str
    version: Annotated[int, Field(ge=1, description="Say it when you have taken it over.")]
    peer: Annotated[str, Field(description="The node that sent it.")]
    purpose: str
    offences: list[str]
    state: State
    received_at: datetime


class WaitingPage(_Document):
    """The oldest that wait; ask again when you have taken these over, or after `next` at once."""

    waiting: list[WaitingOut]
    next: str | None = None


class PartOut(_Document):
    """One part; the bytes of a file never leave by this way."""

    label: str
    data_class: str
    form: str
    value: Annotated[
        JsonValue,
        Field(description="Web addresses in it are defanged, as hxxps[:]//host[.]example."),
    ]
    sender: str | None


class StepOut(_Document):
    """One step of its road."""

    step: str
    node: str
    at: datetime


class SayingOut(_Document):
    """One word about it since it was released."""

    id: str
    word: Word
    why: Why | None
    labels: Annotated[list[str], Field(description="The parts that a correction takes back.")]
    node: str
    at: datetime


class ReferralOut(WaitingOut):
    """All of one referral."""

    unit: str
    channel: str | None
    name_withheld: bool
    restricted: bool
    parts: list[PartOut]
    steps: list[StepOut]
    said: list[SayingOut]
    recalled: bool
    stage: Word | None
    next_stages: list[Word]


class TakenIn(_Document):
    """That your system keeps it."""

    version: int


class StageIn(_Document):
    """Where it stands with you."""

    word: Word
    why: Why | None = None


class AppraisalIn(_Document):
    """Of what use it was."""

    appraisal: Appraisal


class ToldOut(_Document):
    """Whether its sender is told; false when it was told so before."""

    told: bool


class RefusalOut(_Document):
    """Why a request was refused."""

    error: str
    message: str


def waiting_out(each: Waiting) -> WaitingOut:
    """A referral in the list of those that wait."""
    return WaitingOut.model_validate(_line(each.referral, each.version))


def referral_out(fetched: Fetched) -> ReferralOut:
    """All of one referral."""
    view, life = fetched.view, fetched.life
    senders = dict(enumerate(view.senders))
    return ReferralOut.model_validate({
        **_line(view.referral, fetched.version),
        "unit": view.unit,
        "channel": view.referral.channel,
        "name_withheld": view.referral.name_withheld,
        "restricted": view.referral.restricted,
        "parts": [
            PartOut(
                label=item.part.label,
                data_class=item.part.data_class.value,
                form=item.part.form.value,
                value=cast("JsonValue", defang_within(item.part.value)),
                sender=senders.get(item.hop),
            )
            for item in view.parts
        ],
        "steps": [
            StepOut(step=step.name.value, node=step.node_id, at=step.at) for step in view.steps
        ],
        "said": [saying_out(each) for each in life.said],
        "recalled": life.recalled,
        "stage": life.stage,
        "next_stages": list(life.next_stages),
    })  # fmt: skip


def saying_out(saying: Saying) -> SayingOut:
    """One word about a referral."""
    return SayingOut(
        id=saying.id,
        word=saying.word,
        why=saying.why,
        labels=list(saying.labels),
        node=saying.node_id,
        at=saying.at,
    )


def _line(referral: Referral, version: int) -> dict[str, object]:
    return {
        "id": referral.id,
        "version": version,
        "peer": referral.peer_id,
        "purpose": referral.purpose.value,
        "offences": [offence.value for offence in referral.offences],
        "state": referral.state,
        "received_at": referral.opened_at,
    }
