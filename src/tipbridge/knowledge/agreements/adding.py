"""Whether a new agreement, or a new version of one, may be taken on this node."""

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements import store
from tipbridge.knowledge.agreements.comparing import differences
from tipbridge.knowledge.agreements.errors import Overlaps
from tipbridge.knowledge.agreements.model import Agreement
from tipbridge.knowledge.agreements.rules import is_pending, of_one_kind, overlapping


def check_compared(earlier: Agreement, later: Agreement, *, confirmed: bool) -> None:
    """Whether somebody says that they read what a version changes before it takes another's place.

    Errors: Conflict, which says each difference.
    """
    if confirmed:
        return
    lines = "\n  ".join(differences(earlier, later))
    raise Conflict(
        f"It replaces {earlier.sha256[:12]} and says otherwise:\n  {lines}\n"
        "'agreements compare' shows both side by side, also on a tip. Once you have read it, add it"
        " with --confirmed.",
        id=earlier.sha256,
    )


def check_alone(work: Work, agreement: Agreement) -> None:
    """Whether no other agreement speaks of the same releases; one not signed yet speaks of none.

    Errors: Overlaps, which names the other.
    """
    other = beside(work, agreement)
    if other is not None:
        raise Overlaps(f"Agreement {other.sha256[:12]} already covers part of this.")


def check_signed_before(work: Work, agreement: Agreement) -> None:
    """Whether one side alone may put it in force: not where both signed one of its kind before.

    Shape: one that lapsed, was suspended, or whose signature counts no more was signed too.
    Errors: Conflict, which names the one that was signed.
    """
    if agreement.needs_signatures:
        return
    terms = agreement.terms
    for other in store.between(work.db, terms.sender, terms.receiver, terms.purpose):
        signed = store.ever_signed(work.db, other.sha256) >= {terms.sender, terms.receiver}
        if other.needs_signatures and signed and of_one_kind(agreement, other):
            raise Conflict(
                f"Both parties signed agreement {other.sha256[:12]} for this purpose, and so they do "
                "what comes beside or after it: write it in the format tipbridge-agreement/2.",
                id=other.sha256,
            )


def beside(work: Work, agreement: Agreement) -> Agreement | None:
    """Another agreement that speaks of the same releases, if there is one."""
    terms = agreement.terms
    for other in store.between(work.db, terms.sender, terms.receiver, terms.purpose):
        apart = other.sha256 in (agreement.sha256, agreement.replaces) or is_pending(other)
        if not apart and overlapping(agreement, other):
            return other
    return None


def replaced(work: Work, agreement: Agreement) -> Agreement | None:
    """The version whose place this one is to take; None where it says that it takes none.

    Errors: NotFound when that one is not held; Conflict when it can't be replaced by this one.
    """
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
    if earlier.needs_signatures and not agreement.needs_signatures:
        raise Conflict(
            "The earlier version needs the signatures of both parties, and so does what replaces "
            "it: write it in the format tipbridge-agreement/2."
        )
    return earlier
