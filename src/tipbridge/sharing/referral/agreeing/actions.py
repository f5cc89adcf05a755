"""Try an agreement on what is stored here, and compare a new version before it is taken."""

from dataclasses import dataclass, replace

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.actions import agreement_held, version_before
from tipbridge.knowledge.agreements.comparing import Compared, Fate, compared, fates
from tipbridge.knowledge.agreements.decisions import ReleaseDecision
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import Agreement, DataClass
from tipbridge.knowledge.agreements.trying import try_parts
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.sharing.exchange import told
from tipbridge.sharing.referral import facts
from tipbridge.sharing.referral.consent import leaves
from tipbridge.sharing.referral.hashing import hashed
from tipbridge.sharing.referral.lawfulness import sides_law
from tipbridge.sharing.referral.life.model import ASKED_FOR
from tipbridge.sharing.referral.model import (
    Direction,
    Referral,
    Source,
    SourceContent,
    SourceKind,
    State,
    Way,
)
from tipbridge.sharing.referral.sources import content_of

_KEY_BYTES = 32
TRYING = (Role.ANALYST, Role.LIAISON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What would leave of a source under an agreement, as if both parties had signed it.

    Shape: `decision` is of a first release; `when_asked` are the labels of what stays back in it and
    leaves once the receiver asks for it.
    """

    source: Source
    agreement: Agreement
    decision: ReleaseDecision
    when_asked: frozenset[str]


@action("referral.agreement.tried", roles=TRYING)
def try_agreement(
    work: Work, sha256: str, source_id: str, *, kind: SourceKind = SourceKind.TIP
) -> Tried:
    """What would leave of a source under an agreement now, part by part; nothing leaves.

    Shape: what was received is bound by its marks, and by the leave that was given for it.
    Errors: NotFound for the agreement, or for a tip, lead or referral that the actor may not see.
    """
    agreement = agreement_held(work, sha256)
    if agreement is None:
        raise NotFound("agreement", sha256)
    source = Source(kind=kind, id=source_id)
    decision = _decided(work, agreement, source)
    work.record(source_id, agreement=sha256, kind=kind.value, released=len(decision.released))
    asked = _when_asked(work, agreement, source, decision)
    return Tried(source=source, agreement=agreement, decision=decision, when_asked=asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A new version beside the held one that it is compared with, if any; it is not taken by that."""

    earlier: Agreement | None
    later: Agreement
    rows: Compared


@action("referral.version.compared", roles=tuple(Role))
def compare_version(work: Work, *, document: bytes) -> Version:
    """What a version that somebody sent changes in the one that is held; nothing is taken.

    Shape: a first draft, beside which nothing speaks of its releases in its days, is told alone.
    Errors: NotAnAgreement; NotFound when the one that it replaces is not held.
    """
    later, _ = load_agreement(document)
    earlier = version_before(work, later)
    work.record(later.sha256 if earlier is None else earlier.sha256, later=later.sha256)
    return Version(earlier=earlier, later=later, rows=compared(earlier or later, later))


@action("referral.version.tried", roles=TRYING)
def try_version(
    work: Work, source_id: str, *, document: bytes, kind: SourceKind = SourceKind.TIP
) -> tuple[Fate, ...]:
    """What would leave of a source under either version, part by part; nothing leaves.

    Shape: of a first draft, both are what would leave under it.
    Errors: as `compare_version`; NotFound for a source that the actor may not see.
    """
    later, _ = load_agreement(document)
    earlier = version_before(work, later) or later
    source = Source(kind=kind, id=source_id)
    first, other = _decided(work, earlier, source), _decided(work, later, source)
    asked = (
        _when_asked(work, earlier, source, first),
        _when_asked(work, later, source, other),
    )
    found = fates(first, other, asked)
    work.record(source_id, earlier=earlier.sha256, later=later.sha256, kind=kind.value)
    return found


def _when_asked(
    work: Work, agreement: Agreement, source: Source, first: ReleaseDecision
) -> frozenset[str]:
    """The labels of what leaves in answer to the receiver's asking alone."""
    asked = _decided(work, agreement, source, requested=frozenset(ASKED_FOR.values()))
    return frozenset(asked.released) - frozenset(first.released)


def _decided(
    work: Work,
    agreement: Agreement,
    source: Source,
    *,
    requested: frozenset[DataClass] = frozenset(),
) -> ReleaseDecision:
    content = content_of(work, source)
    parts = content.all_parts
    terms = agreement.terms
    found = facts.facts_of(
        parts,
        parties=(terms.sender, terms.receiver),
        purpose=terms.purpose,
        now=work.now,
        first_release=True,
        way=Way(occasion=min(terms.clauses.mode.occasions)),
        requested=requested,
        delivery=min(terms.clauses.mode.delivery),
        law=sides_law(
            [agreement], facts.offences_of(parts), told.incident_on(parts), shipped_laws()
        ),
    )
    # Which parts would go as hashes does not hang on the key; their values are shown to nobody.
    hashes = hashed(parts, agreement, bytes(_KEY_BYTES))
    passing = leaves.passing_on(work, _as_if(work, agreement, source, content), content)
    found = passing.bind(replace(found, corrected=content.corrected))
    return try_parts(agreement, [*parts, *hashes], found, work.now)


def _as_if(work: Work, agreement: Agreement, source: Source, content: SourceContent) -> Referral:
    """The referral that would be made of a source under an agreement; it is kept nowhere."""
    terms = agreement.terms
    return Referral(
        id=work.ids.new(),
        direction=Direction.OUT,
        unit_id=content.unit_id,
        restricted=content.restricted,
        members=content.members,
        peer_id=terms.receiver,
        source=source,
        origin=facts.origin_of(content.all_parts),
        purpose=terms.purpose,
        offences=tuple(sorted(facts.offences_of(content.all_parts))),
        state=State.DRAFT,
        basis=None,
        channel=None,
        package_id=None,
        decision=None,
        name_withheld=False,
        opened_at=work.now,
        opened_by=work.actor.id,
    )
