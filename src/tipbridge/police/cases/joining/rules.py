"""Which relation between two cases can be, and what a case is in one."""

from collections.abc import Collection, Iterable

from tipbridge.police.cases.joining.model import CaseRelation, Relation

_ROLES = {
    Relation.PARENT: ("parent", "child"),
    Relation.MERGED: ("whole", "part"),
    Relation.SPLIT: ("source", "offshoot"),
    Relation.TOGETHER: ("together", "together"),
}


def role_in(relation: CaseRelation, case_id: str) -> str:
    """What a case is in a relation."""
    first, second = _ROLES[relation.relation]
    return first if relation.case_id == case_id else second


def reason_against(
    relation: Relation,
    case_id: str,
    other_id: str,
    *,
    standing: Iterable[CaseRelation],
    above: Collection[str],
) -> str | None:
    """Why two cases cannot stand to each other so; None when they can.

    Shape: `standing` are the relations of both that were not taken back; `above` are the
    first case's parents, their parents, and so on.
    """
    if case_id == other_id:
        return "A case stands in no relation to itself."
    standing = list(standing)
    pair = {case_id, other_id}
    if any(
        each.relation is relation and {each.case_id, each.other_id} == pair for each in standing
    ):
        return "The two cases stand to each other so already."
    if relation is Relation.PARENT:
        return _against_parent(other_id, standing, above)
    if relation is Relation.MERGED and any(
        each.relation is Relation.MERGED and each.other_id in pair for each in standing
    ):
        return "One of the two is merged into a case already; take that back first."
    return None


def _against_parent(child: str, standing: list[CaseRelation], above: Collection[str]) -> str | None:
    if any(each.relation is Relation.PARENT and each.other_id == child for each in standing):
        return "That case has a parent already; take that back first."
    if child in above:
        return "That case stands above this one, so it can't be below it too."
    return None
