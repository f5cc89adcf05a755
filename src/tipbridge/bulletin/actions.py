"""Verbs on the bulletin: read the public view, read the full view."""

from dataclasses import replace

from tipbridge.bulletin import store
from tipbridge.bulletin.definitions import load_definitions
from tipbridge.bulletin.leaks import leak_figures, public_leaks
from tipbridge.bulletin.model import Bulletin, Period, View
from tipbridge.bulletin.rules import compute_bulletin
from tipbridge.bulletin.suppression import public_view
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.police.removals.actions import lives_seen

FULL_ROLES = (Role.INVESTIGATOR, Role.AUDITOR)
PUBLIC_ROLES = (*FULL_ROLES, Role.PRESS, Role.EXAMINER, Role.LIAISON, Role.ANALYST)


def read_bulletin(work: Work, period: Period, view: View) -> Bulletin:
    """The bulletin in the view asked for.

    Errors: Forbidden for a full view without its role; Invalid for a period that runs back.
    """
    if view is View.FULL:
        return read_full_bulletin(work, period)
    return read_public_bulletin(work, period)


_YEARS = (1900, 9000)
"""Between them a day has a day before and after it, in every time zone and in the database."""


@action("bulletin.public.read", roles=PUBLIC_ROLES)
def read_public_bulletin(work: Work, period: Period) -> Bulletin:
    """The figures of a period with small cells hidden, of the cases this reader may see."""
    found = compute_public(work, period)
    work.record("bulletin", **period.facts())
    return found


@action("bulletin.full.read", roles=FULL_ROLES)
def read_full_bulletin(work: Work, period: Period) -> Bulletin:
    """The figures of a period with nothing hidden, of the cases this reader may see."""
    computed = _compute(work, period)
    leaks = leak_figures(lives_seen(work), period, work.now, computed.definitions)
    found = replace(computed, leaks=leaks)
    work.record("bulletin", **period.facts())
    return found


def compute_public(work: Work, period: Period) -> Bulletin:
    """The public view over what this actor sees, for an action that records it.

    Errors: Invalid for a period that runs back.
    """
    computed = public_view(_compute(work, period))
    leaks = public_leaks(lives_seen(work), period, work.now, computed.definitions)
    return replace(computed, leaks=leaks)


def _compute(work: Work, period: Period) -> Bulletin:
    if period.to_on < period.from_on:
        raise Invalid("The period ends before it begins.")
    if period.from_on.year < _YEARS[0] or period.to_on.year > _YEARS[1]:
        raise Invalid("A period lies between the years 1900 and 9000.")
    return compute_bulletin(
        store.decided_people(work.db),
        store.case_item_counts(work.db),
        node_name=work.node.name,
        synthetic=work.node.synthetic,
        period=period,
        as_of=work.now,
        definitions=load_definitions(),
    )
