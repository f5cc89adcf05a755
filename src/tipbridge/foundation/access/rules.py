"""Pure decisions about names, passwords, roles and the unit tree."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from tipbridge.foundation.access.model import Failures, Unit
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid

SESSION_LENGTH = timedelta(hours=12)
"""One working shift; a longer one asks for the password again."""

FAILURES_BEFORE_PAUSE = 10
PAUSE = timedelta(minutes=15)
PLACES_KEPT_FOR = timedelta(days=90)
_SITE_BITS = 64
"""A host of IPv6 chooses among so many addresses as it likes: they count as one place."""
_LONGEST_PLACE = 100
PASSWORD_CHARACTERS = range(8, 1025)

TEST_MARK = " TEST"
"""How the name of every sandbox ends, and of nothing else: the database sees to it."""
_LONGEST_NAME = 200

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
_PRIVATE_ROLES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
_CONTENT_ROLES = frozenset({Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR, Role.EXAMINER})


def username_key(username: str) -> str:
    """The one form of a username under which staff and failures are counted."""
    return unicodedata.normalize("NFKC", username).casefold().strip()


def check_username(username: str) -> str:
    """A username that can be stored, or Invalid with what is allowed."""
    if not _USERNAME.fullmatch(username):
        raise Invalid(
            "A username has 2 to 63 characters: a-z, 0-9, dot, underscore, hyphen; "
            "it starts with a letter or digit."
        )
    return username


def provider_name(name: str, *, sandbox: bool) -> str:
    """The name to store of a provider, or of its sandbox, which carries the mark.

    Errors: Invalid for an empty or long name, and for a production name with the mark.
    """
    plain = name.strip().removesuffix(TEST_MARK) if sandbox else name.strip()
    if not plain.strip() or len(plain) > _LONGEST_NAME or not plain.isprintable():
        raise Invalid(f"A provider needs a name of 1 to {_LONGEST_NAME} characters.")
    if not sandbox and plain.endswith(TEST_MARK):
        raise Invalid(f"A name that ends in{TEST_MARK} is a sandbox's: say so.")
    return plain.strip() + TEST_MARK if sandbox else plain


def check_password(password: str) -> str:
    """A password long enough to be one, or Invalid with what is allowed."""
    if len(password) not in PASSWORD_CHARACTERS:
        raise Invalid("A password has 8 to 1024 characters.")
    return password


def check_roles(names: Iterable[str]) -> frozenset[Role]:
    """The roles named; Invalid for an unknown one or for roles that must be apart.

    Source: reliability-security section 5, separation of duties: who administers or
    audits does not also work on tips and cases.
    """
    allowed = ", ".join(Role)
    roles: set[Role] = set()
    for name in names:
        if name not in set(Role):
            raise Invalid(f"No role {name!r}; the roles are {allowed}.")
        roles.add(Role(name))
    if not roles:
        raise Invalid(f"Name at least one role: {allowed}.")
    if roles & _PRIVATE_ROLES and roles & _CONTENT_ROLES:
        raise Invalid("Administrator and auditor can't be joined with work on tips or cases.")
    return frozenset(roles)


def units_below(units: Iterable[Unit], top: int) -> tuple[int, ...]:
    """The ids of `top` and of every unit below it, in order."""
    children: dict[int | None, list[int]] = {}
    for unit in units:
        children.setdefault(unit.parent_id, []).append(unit.id)
    found: list[int] = []
    ahead = [top]
    while ahead:
        unit_id = ahead.pop()
        if unit_id not in found:
            found.append(unit_id)
            ahead.extend(children.get(unit_id, ()))
    return tuple(sorted(found))


def sign_in_paused(failures: Failures | None, now: datetime) -> bool:
    """Whether so many recent failures stop this username for a while, where they were made.

    A clock that stepped back never clears the pause: only time after `last_at` counts.
    """
    if failures is None or failures.count < FAILURES_BEFORE_PAUSE:
        return False
    return now - failures.last_at < PAUSE


def place_of(host: str | None) -> str:
    """The place under which a client's address is counted: never ANYWHERE."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return (host or "unknown")[:_LONGEST_PLACE]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), _SITE_BITS), strict=False))
