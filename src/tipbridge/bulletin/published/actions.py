"""Verbs on publications: publish the public view of a period, list and open what was published."""

from datetime import date
from zoneinfo import ZoneInfo

from tipbridge.bulletin.actions import PUBLIC_ROLES, compute_public
from tipbridge.bulletin.definitions import load_definitions
from tipbridge.bulletin.model import Period
from tipbridge.bulletin.published import keeping, store
from tipbridge.bulletin.published.model import Line, Publication, Published
from tipbridge.bulletin.published.rules import check_publishable
from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action

PUBLISHING = (Role.PRESS, Role.INVESTIGATOR)


@action("bulletin.publication.published", roles=PUBLISHING)
def publish_bulletin(work: Work, period: Period) -> Publication:
    """Publish the public view of a period that is over, and keep it as it is, for ever.

    Errors: Conflict for somebody whose unit does not see the cases of every unit, and for a
    period of which a day is published; Invalid for one that is not over.
    """
    if not _sees_every_unit(work):
        raise Conflict("A bulletin is published from the unit that every other one stands below.")
    store.one_at_a_time(work.db)
    before = [each.period for each in store.publications(work.db)]
    check_publishable(period, _today(work), before)
    figures = keeping.kept_form(compute_public(work, period))
    publication = Publication(
        id=work.ids.new(),
        period=period,
        published_at=work.now,
        published_by=work.actor.id,
        digest=keeping.digest_of(figures),
        figures=figures,
    )
    store.insert_publication(work.db, publication)
    work.record(publication.id, digest=publication.digest, **period.facts())
    return publication


@action("bulletin.publication.listed", roles=PUBLIC_ROLES)
def list_publications(work: Work) -> tuple[Line, ...]:
    """What was published, the latest period first."""
    names = _names(work)
    found = tuple(
        Line(
            id=each.id,
            period=each.period,
            published_at=each.published_at,
            publisher=names.get(each.published_by, each.published_by),
            digest=each.digest,
        )
        for each in store.publications(work.db)
    )
    work.record("all", publications=len(found))
    return found


@action("bulletin.publication.read", roles=PUBLIC_ROLES)
def read_publication(work: Work, publication_id: str) -> Published:
    """A publication as it was published, whatever became of the cases that it counted.

    Errors: NotFound; IntegrityFailure when the kept bytes are others than those published.
    """
    publication = store.publication(work.db, publication_id)
    if publication is None:
        raise NotFound("publication", publication_id)
    bulletin = keeping.opened(publication.figures, publication.digest)
    work.record(publication.id)
    publisher = _names(work).get(publication.published_by, publication.published_by)
    return Published(publication=publication, bulletin=bulletin, publisher=publisher)


def may_publish(work: Work) -> bool:
    """Whether a page offers this actor to publish."""
    return bool(work.actor.roles & set(PUBLISHING)) and _sees_every_unit(work)


def _sees_every_unit(work: Work) -> bool:
    return {unit.id for unit in access_store.all_units(work.db)} <= set(work.actor.units)


def _today(work: Work) -> date:
    return work.now.astimezone(ZoneInfo(load_definitions().time_zone)).date()


def _names(work: Work) -> dict[str, str]:
    return {member.id: member.username for member in access_store.all_staff(work.db)}
