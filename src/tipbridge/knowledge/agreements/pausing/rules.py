"""Pure decisions about suspensions that the other party tells."""

from tipbridge.knowledge.agreements.model import Agreement


def may_suspend(agreement: Agreement, node_id: str) -> bool:
    """Whether a node is a party that this agreement lets suspend it."""
    terms = agreement.terms
    sides = {terms.sender: "sender", terms.receiver: "receiver"}
    return sides.get(node_id) in terms.clauses.suspending.by
