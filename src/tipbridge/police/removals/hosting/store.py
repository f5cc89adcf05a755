"""Every SQL statement on hosts."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.removals.model import Host
from tipbridge.police.removals.rows import to_host
from tipbridge.police.removals.tables import removal_hosts


def put_host(db: Connection, host: Host) -> None:
    """Write down how a host is reached; whether it may be checked stays as it was."""
    values = {
        "country": host.country,
        "channel": host.channel.value,
        "contact": host.contact,
        "language": host.language.value,
    }
    query = insert(removal_hosts).values(id=host.id, name=host.name, may_check=False, **values)
    db.execute(query.on_conflict_do_update(index_elements=["name"], set_=values))


def allow_checks(db: Connection, host_id: str, *, allowed: bool) -> None:
    """Put a host on the list of those that may be checked, or take it off."""
    query = removal_hosts.update().where(removal_hosts.c.id == host_id)
    db.execute(query.values(may_check=allowed))


def host_by_name(db: Connection, name: str) -> Host | None:
    """How a host is reached."""
    row = db.execute(select(removal_hosts).where(removal_hosts.c.name == name)).mappings()
    found = row.one_or_none()
    return None if found is None else to_host(found)


def host_by_id(db: Connection, host_id: str) -> Host | None:
    """The host with this id."""
    row = db.execute(select(removal_hosts).where(removal_hosts.c.id == host_id)).mappings()
    found = row.one_or_none()
    return None if found is None else to_host(found)


def hosts(db: Connection) -> list[Host]:
    """Every host that is written down."""
    query = select(removal_hosts).order_by(removal_hosts.c.name)
    return [to_host(row) for row in db.execute(query).mappings()]
