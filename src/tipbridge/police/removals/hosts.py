"""Verbs on hosts: how each is reached, and which may be asked for the status of a place."""

from email_validator import EmailNotValidError, validate_email

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.removals.hosting import store as host_store
from tipbridge.police.removals.model import Channel, Host, NoticeLanguage
from tipbridge.police.removals.places import read_country, read_host, split_web
from tipbridge.sharing.exchange import actions as exchange

BLOCKING_BODY = "blocking-body"
"""The name under which the body that decides on network blocking is written down."""


@action("removals.hosts.listed", roles=(Role.INVESTIGATOR, Role.ADMINISTRATOR))
def list_hosts(work: Work) -> list[Host]:
    """Every host that is written down."""
    found = host_store.hosts(work.db)
    work.record("all", count=len(found))
    return found


@action("removals.host.written", roles=(Role.INVESTIGATOR, Role.ADMINISTRATOR))
def write_host(
    work: Work,
    name: str,
    *,
    channel: Channel,
    contact: str = "",
    language: NoticeLanguage = NoticeLanguage.ENGLISH,
    country: str | None = None,
) -> Host:
    """Write down how a host is reached.

    Errors: Invalid for a name, contact or country that is none.
    """
    host = Host(
        id=work.ids.new(),
        name=read_host(name),
        country=read_country(country),
        channel=channel,
        contact=_contact(work, channel, contact.strip()),
        language=language,
        may_check=False,
    )
    host_store.put_host(work.db, host)
    written = host_known(work, host.name)
    work.record(written.id, channel=channel)
    return written


@action("removals.host.allowed", roles=(Role.ADMINISTRATOR,))
def allow_checks(work: Work, name: str, *, allowed: bool) -> None:
    """Put a host on the list of those whose places may be asked for their status, or take it off.

    Errors: NotFound for a host that is not written down.
    """
    host = host_known(work, name)
    host_store.allow_checks(work.db, host.id, allowed=allowed)
    work.record(host.id, allowed=allowed)


def host_known(work: Work, name: str) -> Host:
    """A host that is written down, by its name or id, within the caller's own action.

    Errors: NotFound.
    """
    found = read_host(name)
    host = host_store.host_by_name(work.db, found) or host_store.host_by_id(work.db, found)
    if host is None:
        raise NotFound("host", name)
    return host


def _contact(work: Work, channel: Channel, contact: str) -> str:
    synthetic = work.node.synthetic
    if channel is Channel.EMAIL:
        try:
            return validate_email(
                contact, check_deliverability=False, test_environment=synthetic
            ).normalized
        except EmailNotValidError as error:
            raise Invalid("contact is an e-mail address.") from error
    if channel is Channel.WEBHOOK:
        parts = split_web(contact)
        if parts is None or (parts.scheme.lower() != "https" and not synthetic):
            raise Invalid("contact is an address that begins with https, without a password.")
    if channel is Channel.NODE:
        try:
            peer = exchange.known_peer(work, contact)
        except NotFound as error:
            raise Invalid("contact is the id of a node that is pinned here as a peer.") from error
        if peer.url is None:
            raise Invalid("contact names a peer whose address is not known here.")
    return contact
