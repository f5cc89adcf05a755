"""Who asks: HTTP Basic credentials of providers, verified once and rechecked each time."""

import base64
import binascii
import hashlib
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Never, TypeVar

from sqlalchemy import Connection

from tipbridge.foundation.access import store
from tipbridge.foundation.access.errors import NotAProvider
from tipbridge.foundation.access.model import ANYWHERE, Credential, Failures, Limits, Login
from tipbridge.foundation.access.passwords import password_fits
from tipbridge.foundation.access.rules import (
    PLACES_KEPT_FOR,
    place_of,
    sign_in_paused,
    username_key,
)
from tipbridge.foundation.base.actors import DOORKEEPER, Actor, ActorKind
from tipbridge.foundation.base.clock import machine_now, monotonic_seconds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.web.turns import Turns

K = TypeVar("K")
V = TypeVar("V")

_REFUSED = "Authentication required."
_MAX_HEADER = 1024
_MAX_REMEMBERED = 1000

_USES_APART = timedelta(minutes=1)
_LIMITS_SECONDS = 5.0
_PLACE_SECONDS = timedelta(days=1).total_seconds()
"""How long a place that is in use need not be written down again."""


class ProviderDoor:
    """Lets providers in. Argon2 runs once for each credential and process; whether the
    credential still holds is asked of the database in every unit of work. A place that once got in
    counts its failures for itself: who guesses elsewhere keeps nobody out.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._key = node.ids.random_bytes(32)
        self._known: dict[bytes, Login] = {}
        self._used: dict[str, float] = {}
        self._places: dict[tuple[str, str], float] = {}
        self._limits: dict[str, tuple[float, Limits]] = {}
        self.turns = Turns()
        self._lock = threading.Lock()

    def known(self, header: str | None, host: str | None) -> Login | None:
        """The login that this header proved before, if it did, to a client of this address.

        Errors: NotAProvider when there is none, or it is too long.
        """
        if header is None or len(header) > _MAX_HEADER:
            raise NotAProvider(_REFUSED)
        login = self._known.get(self._digest(header))
        if login is None:
            return None
        noted = self._places.get((login.credential_id, place_of(host)))
        fresh = noted is not None and monotonic_seconds() - noted < _PLACE_SECONDS
        return login if fresh else None

    def _digest(self, header: str) -> bytes:
        # Keyed, so that memory holds nothing a password could be guessed against elsewhere.
        # BLAKE2 keeps the interpreter's lock for so little, where HMAC would wait for it anew.
        return hashlib.blake2b(header.encode(), key=self._key, digest_size=32).digest()

    def login(self, header: str | None, host: str | None) -> Login:
        """The login that an Authorization header proves, to a client of this address.

        Errors: NotAProvider, whatever is wrong with it.
        """
        username, password = _basic(header)
        digest, place = self._digest(header or ""), place_of(host)
        login = self._known.get(digest)
        if login is None:
            login = self._verified(username, password, place)
            with self._lock:
                _remember(self._known, digest, login)
        self._note_place(login, _counted_as(username), place)
        return login

    def _verified(self, username: str, password: str, place: str) -> Login:
        key = _counted_as(username)
        with open_work(self._node, DOORKEEPER) as work:
            credential = store.credential_of(work.db, username)
            failures, now = store.failures_of(work.db, key, place), work.now
        if sign_in_paused(failures, machine_now()):
            self._refuse(credential)
        stored = None if credential is None else credential.password_hash
        fits = password_fits(stored, password)
        if credential is None or not fits or not credential.holds_at(now):
            self._count(key, failures)
            self._refuse(credential)
        if failures is not None and failures.place == ANYWHERE:
            with open_work(self._node, DOORKEEPER) as work:
                store.clear_failures(work.db, key)
        return credential.login

    def _count(self, key: str, failures: Failures | None) -> None:
        place = ANYWHERE if failures is None else failures.place
        with open_work(self._node, DOORKEEPER) as work:
            store.count_failure(work.db, key, machine_now(), place=place)

    def _note_place(self, login: Login, key: str, place: str) -> None:
        """Note that this place got in; what it failed before is over."""
        with open_work(self._node, DOORKEEPER) as work:
            now = machine_now()
            store.note_place(work.db, key, place, now, kept_for=PLACES_KEPT_FOR)
        with self._lock:
            _remember(self._places, (login.credential_id, place), monotonic_seconds())

    def _refuse(self, credential: Credential | None) -> Never:
        """Refuse within a unit of work, so that the refusal is in the audit log.

        An attempt during a pause isn't counted: nobody can be kept out for ever.
        """
        known = {} if credential is None else {"id": credential.login.credential_id}
        with open_work(self._node, DOORKEEPER):
            raise NotAProvider(_REFUSED, **known)

    @contextmanager
    def work(self, login: Login) -> Generator[Work]:
        """One unit of work for a provider.

        Errors: NotAProvider when its credential was revoked or changed meanwhile.
        """
        self._note_use(login)
        actor = Actor(kind=ActorKind.PROVIDER, id=login.provider_id, name=login.provider_name)
        holds = False

        def begin(db: Connection) -> datetime | None:
            nonlocal holds
            clock, holds = store.begin_held(db, login, machine_now())
            return clock

        with open_work(self._node, actor, begin=begin) as work:
            if not holds:
                self.forget(login)
                raise NotAProvider(_REFUSED)
            yield work

    def known_limits(self, login: Login) -> Limits | None:
        """What staff limited this provider to, when that was asked seconds ago."""
        found = self._limits.get(login.provider_id)
        if found is None or monotonic_seconds() - found[0] > _LIMITS_SECONDS:
            return None
        return found[1]

    def limits(self, login: Login) -> Limits:
        """What staff limited this provider to; a change counts within seconds."""
        limits = self.known_limits(login)
        if limits is None:
            with open_work(self._node, DOORKEEPER) as work:
                limits = store.limits_of(work.db, login.provider_id)
            with self._lock:
                _remember(self._limits, login.provider_id, (monotonic_seconds(), limits))
        return limits

    def _note_use(self, login: Login) -> None:
        """Note that a user name is in use, at most once a minute and before its request.

        In a work of its own: else all of a provider's requests would wait for one row.
        """
        noted, now = self._used.get(login.credential_id), monotonic_seconds()
        if noted is not None and now - noted < _USES_APART.total_seconds():
            return
        with open_work(self._node, DOORKEEPER) as work:
            if store.credential_holds(work.db, login.credential_id, login.version, work.now):
                store.note_use(work.db, login.credential_id, work.now, apart=_USES_APART)
        with self._lock:
            _remember(self._used, login.credential_id, now)

    def forget(self, login: Login) -> None:
        """Have this credential's password verified anew when it is next shown."""
        with self._lock:
            for digest in [d for d, known in self._known.items() if known == login]:
                del self._known[digest]


def _remember(held: dict[K, V], key: K, value: V) -> None:
    if len(held) >= _MAX_REMEMBERED:
        held.clear()
    held[key] = value


def _counted_as(username: str) -> str:
    """The one name under which all spellings of a user name are counted; no staff have it."""
    return f"provider:{username_key(username)[:200]}"


def _basic(header: str | None) -> tuple[str, str]:
    if header is None or len(header) > _MAX_HEADER:
        raise NotAProvider(_REFUSED)
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise NotAProvider(_REFUSED)
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise NotAProvider(_REFUSED) from error
    username, colon, password = text.partition(":")
    if not colon or not username or not password or "\x00" in text:
        raise NotAProvider(_REFUSED)
    return username, password
