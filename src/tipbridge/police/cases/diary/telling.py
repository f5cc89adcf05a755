"""Which facts of an event a case's timeline tells: what the case itself holds, and no number."""

from collections.abc import Collection, Mapping

from tipbridge.foundation.audit.model import Fact

OTHER = "other"
"""The case that an event speaks of beside its own."""

MARKS: Mapping[str, tuple[str, ...]] = {
    "evidence.reading.advanced": ("examination", "reading"),
    "evidence.pass.advanced": ("examination",),
}
"""Events that say how far one thing has come, and by which facts it is one: a line of the timeline."""

_TOLD = """
acquisition answer appeal appraisal approved asking authority basis body case change channel
classification confirmed contacted content correction current custody decision demand detachment document
document_sha256 done_at due_on ending entry examination fact favour fields file follow_up form
grade gravest ground hold joined kind language law link list made member narrowed new note notice
offer origin other outcome package peer person purpose question referral relation removal reopened request
resumed rule search sender sha256 source_sha256 stage state stated step strike talk talk_with task
telling undone until verdict waits whole why within_advice word
"""
TOLD = frozenset(_TOLD.split())
"""Ids of what the case holds, and closed words about them. A fact that is not named is not told."""


def facts_told(facts: Mapping[str, Fact], hidden: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The facts of an event for a reader to whom these other cases are hidden.

    Shape: no number, whatever its name: it may count what the reader doesn't see.
    """
    return tuple(
        (name, str(value))
        for name, value in sorted(facts.items())
        if name in TOLD
        and (isinstance(value, bool) or not isinstance(value, int))
        and not (name == OTHER and str(value) in hidden)
    )
