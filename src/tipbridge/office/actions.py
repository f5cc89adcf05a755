"""Verbs over the foundation: staff, units, sign-in, the clock, the audit log."""

from datetime import datetime

from tipbridge.foundation.access import passwords, rules, store
from tipbridge.foundation.access.model import ANYWHERE, StaffMember, Unit, UnkeptList
from tipbridge.foundation.audit import log as audit_log
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.audit.model import AuditEntry, Verification
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.storage import erasing
from tipbridge.foundation.storage.erasing import Erasure
from tipbridge.foundation.storage.scope import move_clock, read_clock
from tipbridge.foundation.work import Work, action
from tipbridge.office.errors import SignInRefused
from tipbridge.office.model import SignedIn, StaffLine

EVERYONE = frozenset(Role)
LIST_WORDS = {
    "case": "restricted case",
    "child-file": "a child's own file in case",
    "welfare-record": "a narrowed welfare record in case",
    "referral": "restricted referral",
}
_LONGEST_KEY = 200


def _unit_by_code(work: Work, code: str) -> Unit:
    units = {unit.code: unit for unit in store.all_units(work.db)}
    if code not in units:
        raise Invalid(f"No unit {code!r}; the units are {', '.join(sorted(units))}.")
    return units[code]


@action("office.staff.added", roles=(Role.ADMINISTRATOR,))
def add_staff(
    work: Work,
    *,
    username: str,
    password: str,
    roles: tuple[str, ...],
    unit: str,
    same_person_as: str | None = None,
) -> str:
    """Add a member of staff and return the new id.

    Shape: `same_person_as` names an earlier user name of the same person; where two people
    are asked for, both count as one.
    """
    person = None
    if same_person_as is not None:
        first = store.staff_by_username(work.db, same_person_as)
        if first is None:
            raise NotFound("member of staff", same_person_as)
        person = store.person_of(work.db, first.id)
    member = StaffMember(
        id=work.ids.new(),
        username=rules.check_username(username),
        roles=rules.check_roles(roles),
        unit_id=_unit_by_code(work, unit).id,
        active=True,
        added_at=work.now,
        password_hash=passwords.hash_password(rules.check_password(password)),
        same_person_as=person,
    )
    if not store.insert_staff(work.db, member):
        raise Conflict(f"There is already a member of staff {username!r}.")
    work.record(member.id, unit=member.unit_id, roles=",".join(sorted(member.roles)))
    return member.id


@action("office.staff.changed", roles=(Role.ADMINISTRATOR,))
def change_staff(
    work: Work,
    *,
    username: str,
    roles: tuple[str, ...],
    unit: str,
    active: bool,
    leave_lists: bool = False,
) -> None:
    """Give other roles, another unit, or end somebody's access; open sessions end.

    Shape: `leave_lists` says that it is done although nobody else keeps some list; whoever
    supervises the unit is then asked to take it over.
    Errors: NotFound; Invalid; Conflict, naming the lists that nobody else keeps, unless so said.
    """
    member = store.staff_by_username(work.db, username)
    if member is None:
        raise NotFound("member of staff", username)
    found, unit_id = rules.check_roles(roles), _unit_by_code(work, unit).id
    left = _lists_left(work, member.id, roles=found, unit_id=unit_id, active=active)
    if left and not leave_lists:
        raise Conflict(
            f"{username} is the last one on {len(left)} lists: {_named(work, left)}. Let them admit"
            " somebody first, or say that the lists are left: whoever supervises the unit is then"
            " asked to take them over."
        )
    store.change_staff(work.db, member.id, roles=found, unit_id=unit_id, active=active)
    store.delete_sessions_of(work.db, member.id)
    roles_now, count = ",".join(sorted(found)), len(left) or None
    work.record(member.id, unit=unit_id, roles=roles_now, active=active, lists_left=count)
    work.emit("office.staff.changed")


def _lists_left(
    work: Work, staff_id: str, *, roles: frozenset[Role], unit_id: int, active: bool
) -> list[UnkeptList]:
    """The lists that are kept now, and by nobody once somebody is changed so."""
    before = store.lists_unkept(work.db)
    after = store.lists_unkept(work.db, staff_id, roles=roles, unit_id=unit_id, active=active)
    return [each for each in after if each not in before]


def _named(work: Work, left: list[UnkeptList]) -> str:
    """Lists in words: of what kind, in which case, of which unit."""
    units = {unit.id: unit.code for unit in store.all_units(work.db)}
    return "; ".join(
        f"{LIST_WORDS[each.kind]} {each.number} (unit {units[each.unit_id]})" for each in left
    )


@action("office.staff.listed", roles=(Role.ADMINISTRATOR, Role.AUDITOR))
def list_staff(work: Work) -> list[StaffLine]:
    """Everybody who works or worked here."""
    units = {unit.id: unit.code for unit in store.all_units(work.db)}
    lines = [
        StaffLine(
            id=member.id,
            username=member.username,
            roles=tuple(sorted(member.roles)),
            unit=units[member.unit_id],
            active=member.active,
            added_at=member.added_at,
        )
        for member in store.all_staff(work.db)
    ]
    work.record("all", count=len(lines))
    return lines


@action("office.unit.added", roles=(Role.ADMINISTRATOR,))
def add_unit(work: Work, *, code: str, name: str, parent: str, agency: str | None = None) -> int:
    """Add a unit below another and return its id; `agency` where another one begins."""
    rules.check_username(code)
    if not name.strip():
        raise Invalid("A unit needs a name.")
    found = store.insert_unit(
        work.db,
        parent_id=_unit_by_code(work, parent).id,
        code=code,
        name=name.strip(),
        agency=(agency or "").strip() or None,
    )
    if found is None:
        raise Conflict(f"There is already a unit {code!r}.")
    work.record(str(found), code=code)
    return found


@action("office.units.listed", roles=EVERYONE)
def list_units(work: Work) -> list[Unit]:
    """The unit tree."""
    units = store.all_units(work.db)
    work.record("all", count=len(units))
    return units


@action("office.session.opened", system=True)
def sign_in(work: Work, *, username: str, password: str, place: str) -> SignedIn:
    """Open a session for whoever knows this name and password.

    Shape: a `place` counts its failures for itself once somebody got in there under this name.
    Errors: SignInRefused, the same words for an unknown name, a wrong password, an ended
    account and a pause after too many failures.
    """
    key, now = rules.username_key(username)[:_LONGEST_KEY], machine_now()
    failures = store.failures_of(work.db, key, place)
    paused = rules.sign_in_paused(failures, now)
    member = None if paused else store.staff_by_username(work.db, key)
    stored = member.password_hash if member is not None and member.active else None
    if not passwords.password_fits(stored, password) or member is None:
        raise SignInRefused(username=key)
    token = work.ids.random_bytes(32).hex()
    session = SignedIn(token=token, staff_id=member.id, expires_at=now + rules.SESSION_LENGTH)
    store.insert_session(
        work.db,
        digest=passwords.token_digest(token),
        staff_id=member.id,
        created_at=now,
        expires_at=session.expires_at,
    )
    if failures is not None and failures.place == ANYWHERE:
        store.clear_failures(work.db, key)
    store.note_place(work.db, key, place, now, kept_for=rules.PLACES_KEPT_FOR)
    work.record(member.id)
    return session


@action("office.session.refused", system=True)
def count_sign_in_failure(work: Work, *, username: str, place: str) -> None:
    """Count a failed sign-in, in a work of its own since the attempt's was rolled back.

    Shape: what is tried during a pause isn't counted: nobody can be kept out for ever.
    """
    key, now = rules.username_key(username)[:_LONGEST_KEY], machine_now()
    failures = store.failures_of(work.db, key, place)
    counted = not rules.sign_in_paused(failures, now)
    if counted:
        where = ANYWHERE if failures is None else failures.place
        store.count_failure(work.db, key, now, place=where)
    work.record("sign-in", counted=counted)


@action("office.session.ended", roles=EVERYONE)
def sign_out(work: Work, *, token: str) -> None:
    """End the session of this token."""
    store.delete_session(work.db, passwords.token_digest(token))
    work.record(work.actor.id)


@action("base.clock.set", roles=(Role.ADMINISTRATOR,))
def set_clock(work: Work, *, at: datetime) -> datetime:
    """Move a synthetic node's clock forward; everything then due is enqueued.

    Errors: Conflict on a real node, and for a time before the clock's own.
    """
    if not work.node.synthetic:
        raise Conflict("A real node's clock can't be set.")
    if not move_clock(work.db, at):
        now = read_clock(work.db)
        raise Conflict(f"The clock only moves forward: it is {now}, {at} is earlier.")
    work.record("clock", at=at.isoformat())
    work.emit("base.clock.set")
    return at


@action("audit.log.read", roles=(Role.AUDITOR, Role.ADMINISTRATOR))
def read_audit(
    work: Work, *, limit: int = 100, before: str | None = None, subject: str | None = None
) -> list[AuditEntry]:
    """The newest events first; `before` is the id of the last event of the page before."""
    entries = audit_store.latest_entries(work.db, limit=limit, before=before, subject=subject)
    work.record("log", count=len(entries))
    return entries


@action("audit.log.verified", roles=(Role.AUDITOR, Role.ADMINISTRATOR))
def verify_audit(work: Work) -> Verification:
    """Recompute the whole log; events not yet sequenced are named apart."""
    found = audit_log.verify(work.db, work.node.id, work.node.open_checkpoint)
    work.record("log", size=found.size, intact=found.intact)
    return found


@action("office.text.erased", roles=(Role.ADMINISTRATOR,), system=True, idle=True)
def erase_text(work: Work, *, owner_url: str) -> Erasure | None:
    """Take deleted text out of the database's files and log; None when none was deleted.

    Shape: `owner_url` is the address of the owner, whose work this is. It is done outside
    this transaction: cut short, its notes still stand and the next pass does it again.
    """
    notes = erasing.notes(work.db)
    if not notes:
        return None
    done = erasing.rewrite(owner_url, sorted({note.table for note in notes}))
    erasing.take_off(work.db, (note for note in notes if note.table in done.tables))
    work.record(
        "text",
        tables=len(done.tables),
        put_off=len(done.put_off),
        log=",".join(done.log) or "none",
    )
    return done
