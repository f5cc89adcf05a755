"""Try an agreement on a tip that is stored here, and compare a new version before it is taken."""

from dataclasses import dataclass, replace

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.actions import agreement_held, version_before
from tipbridge.knowledge.agreements.comparing import Compared, Fate, compared, fates
from tipbridge.knowledge.agreements.decisions import ReleaseDecision
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import Agreement
from tipbridge.knowledge.agreements.trying import try_parts
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.sharing.exchange import told
from tipbridge.sharing.referral import facts
from tipbridge.sharing.referral.hashing import hashed
from tipbridge.sharing.referral.lawfulness import sides_law
from tipbridge.sharing.referral.model import Source, SourceKind, Way
from tipbridge.sharing.referral.sources import content_of

_KEY_BYTES = 32
TRYING = (Role.ANALYST, Role.LIAISON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What would leave of a tip under an agreement, as if both parties had signed it."""

    report_id: str
    agreement: Agreement
    decision: ReleaseDecision


@action("referral.agreement.tried", roles=TRYING)
def try_agreement(work: Work, sha256: str, report_id: str) -> Tried:
    """What would leave of a stored tip under an agreement now, part by part; nothing leaves.

    Errors: NotFound for the agreement, or for a tip that the actor may not see.
    """
    agreement = agreement_held(work, sha256)
    if agreement is None:
        raise NotFound("agreement", sha256)
    decision = _decided(work, agreement, report_id)
    work.record(report_id, agreement=sha256, released=len(decision.released))
    return Tried(report_id=report_id, agreement=agreement, decision=decision)


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
def try_version(work: Work, report_id: str, *, document: bytes) -> tuple[Fate, ...]:
    """What would leave of a stored tip under either version, part by part; nothing leaves.

    Shape: of a first draft, both are what would leave under it.
    Errors: as `compare_version`; NotFound for a tip that the actor may not see.
    """
    later, _ = load_agreement(document)
    earlier = version_before(work, later) or later
    found = fates(_decided(work, earlier, report_id), _decided(work, later, report_id))
    work.record(report_id, earlier=earlier.sha256, later=later.sha256)
    return found


def _decided(work: Work, agreement: Agreement, report_id: str) -> ReleaseDecision:
    content = content_of(work, Source(kind=SourceKind.TIP, id=report_id))
    parts = content.all_parts
    terms = agreement.terms
    found = facts.facts_of(
        parts,
        parties=(terms.sender, terms.receiver),
        purpose=terms.purpose,
        now=work.now,
        first_release=True,
        way=Way(occasion=min(terms.clauses.mode.occasions)),
        requested=frozenset(),
        delivery=min(terms.clauses.mode.delivery),
        law=sides_law(
            [agreement], facts.offences_of(parts), told.incident_on(parts), shipped_laws()
        ),
    )
    # Which parts would go as hashes does not hang on the key; their values are shown to nobody.
    hashes = hashed(parts, agreement, bytes(_KEY_BYTES))
    found = replace(found, corrected=content.corrected)
    return try_parts(agreement, [*parts, *hashes], found, work.now)
