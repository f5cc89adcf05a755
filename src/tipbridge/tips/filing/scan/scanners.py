"""Scanners: who of the platform's own services may have files matched here."""

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.passwords import token_digest
from tipbridge.foundation.base.actors import DOORKEEPER, Actor, ActorKind, Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.tips.filing.scan import store
from tipbridge.tips.filing.scan.errors import NotAScanner, ScannerNameTaken
from tipbridge.tips.filing.scan.model import MARK, Scanner

_NAME_CHARACTERS = 100
_BEARER = "Bearer "


@action("filing.scanner.added", roles=(Role.ADMINISTRATOR,))
def add_scanner(work: Work, *, name: str, unit: str = "headquarters") -> str:
    """Let a service have files matched; returns its token, which is shown this once only.

    Shape: drafts that come of it belong to `unit`.
    Errors: Invalid for an unfit name; NotFound for the unit; ScannerNameTaken.
    """
    if not 1 <= len(name.strip()) <= _NAME_CHARACTERS or not name.isprintable():
        raise Invalid(f"A scanner needs a name of 1 to {_NAME_CHARACTERS} printable characters.")
    unit_id = next((one.id for one in access_store.all_units(work.db) if one.code == unit), None)
    if unit_id is None:
        raise NotFound("unit", unit)
    token = f"{MARK}_{work.ids.random_bytes(32).hex()}"
    scanner = Scanner(id=work.ids.new(), name=name.strip(), unit_id=unit_id)
    kept = store.insert_scanner(
        work.db,
        scanner,
        token_digest=token_digest(token),
        at=machine_now(),
        by=work.actor.id,
    )
    if not kept:
        raise ScannerNameTaken(scanner.name)
    work.record(scanner.id, unit=unit_id)
    return token


@action("filing.scanner.ended", roles=(Role.ADMINISTRATOR,))
def end_scanner(work: Work, *, name: str) -> None:
    """End a service's token at once.

    Errors: NotFound when no such one may ask.
    """
    ended = store.end_scanner(work.db, name, machine_now())
    if ended is None:
        raise NotFound("scanner", name)
    work.record(ended)


def scanner_of(node: Node, authorization: str | None) -> Scanner:
    """The scanner that this Authorization header names.

    Errors: NotAScanner; the refusal is in the audit log.
    """
    token = (authorization or "").removeprefix(_BEARER).strip()
    with open_work(node, DOORKEEPER) as work:
        found = store.scanner_by_token(work.db, token_digest(token)) if token else None
        if found is None:
            raise NotAScanner("A scanner's token is needed: Authorization: Bearer ...")
    return found


def actor_of(scanner: Scanner) -> Actor:
    """Who acts when a scanner asks: a system actor of its own name, in its own unit."""
    return Actor(kind=ActorKind.SYSTEM, id=scanner.id, name=scanner.name, unit=scanner.unit_id)
