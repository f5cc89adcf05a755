"""Verbs on agreements, and the look-ups that other rooms' actions use."""

from datetime import datetime

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements import store
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.errors import Overlaps
from tipbridge.knowledge.agreements.model import Agreement, Purpose
from tipbridge.knowledge.agreements.rules import in_force, overlapping


@action("agreements.agreement.added", roles=(Role.ADMINISTRATOR,))
def add_agreement(work: Work, *, document: bytes) -> Agreement:
    """Take an agreement into force on this node; the other party does the same on its own.

    Errors: NotAnAgreement; Invalid when this node is no party; Conflict when it is held
    already; Overlaps when another one speaks of the same releases and is not replaced by it.
    """
    agreement, canonical = load_agreement(document)
    if work.node.id not in (agreement.terms.sender, agreement.terms.receiver):
        raise Invalid("This node is neither sender nor receiver of the agreement.")
    store.lock_adding(work.db)
    if store.by_sha256(work.db, agreement.sha256) is not None:
        raise Conflict("This agreement is already held.")
    replaced = _replaced(work, agreement)
    terms = agreement.terms
    for other in store.between(work.db, terms.sender, terms.receiver, terms.purpose):
        if other.sha256 != agreement.replaces and overlapping(agreement, other):
            raise Overlaps(f"Agreement {other.sha256[:12]} already covers part of this.")
    store.insert(work.db, agreement, canonical, at=work.now, by=work.actor.id)
    if replaced is not None:
        store.mark_replaced(work.db, replaced.sha256, by=agreement.sha256, at=terms.starts_at())
    work.record(agreement.sha256, channel=agreement.channel, version=agreement.version)
    return agreement


def _replaced(work: Work, agreement: Agreement) -> Agreement | None:
    if agreement.replaces is None:
        return None
    earlier = store.by_sha256(work.db, agreement.replaces)
    mine = (agreement.terms.sender, agreement.terms.receiver, agreement.terms.purpose)
    if earlier is None:
        raise NotFound("agreement", agreement.replaces)
    theirs = (earlier.terms.sender, earlier.terms.receiver, earlier.terms.purpose)
    if mine != theirs or earlier.replaced_at is not None or agreement.version <= earlier.version:
        raise Conflict(
            "A replacement has the same parties and purpose, a higher version, "
            "and the earlier one was not replaced yet."
        )
    return earlier


@action("agreements.list.read", roles=tuple(Role))
def list_agreements(work: Work) -> list[Agreement]:
    """All agreements this node holds."""
    found = store.everything(work.db)
    work.record("all", count=len(found))
    return found


@action("agreements.agreement.read", roles=tuple(Role))
def read_agreement(work: Work, sha256: str) -> Agreement:
    """One agreement by its name.

    Errors: NotFound.
    """
    found = store.by_sha256(work.db, sha256)
    if found is None:
        raise NotFound("agreement", sha256)
    work.record(sha256)
    return found


def agreement_held(work: Work, sha256: str) -> Agreement | None:
    """The agreement of this name, for another room's action; None when it is not held."""
    return store.by_sha256(work.db, sha256)


def agreements_between(
    work: Work, *, sender: str, receiver: str, purpose: Purpose, at: datetime
) -> list[Agreement]:
    """The agreements in force at `at` in one direction for one purpose; they do not overlap."""
    found = store.between(work.db, sender, receiver, purpose)
    return [agreement for agreement in found if in_force(agreement, at)]
