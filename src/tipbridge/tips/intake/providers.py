"""Verbs on providers: who may file here, under which user names, and what each is held to."""

from datetime import timedelta

from tipbridge.foundation.access import store as access
from tipbridge.foundation.access.model import (
    Contact,
    ContactPurpose,
    Limits,
    Login,
    Provider,
    ProviderLine,
)
from tipbridge.foundation.access.passwords import hash_password
from tipbridge.foundation.access.rules import provider_name
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.tips.intake import store
from tipbridge.tips.intake.model import HeldTo, ProviderView
from tipbridge.tips.report.strictness import RULES, Mode, Strictness, strictness_from

DESK = (Role.PROVIDER_MANAGER, Role.ADMINISTRATOR)
_LONGEST_OVERLAP_HOURS = 366 * 24
_LEAST_BYTES_PER_SECOND, _MOST_UPLOADS_AT_ONCE = 1024, 1000
_LONGEST_CONTACT = 200


@action("intake.provider.added", roles=DESK)
def add_provider(
    work: Work, *, name: str, username: str, password: str, sandbox: bool = False
) -> str:
    """Let a provider file here under a user name; returns the provider's id.

    Shape: a known provider gets one more user name, so that it can change over. A sandbox is a
    provider of its own, whose name ends in TEST; it never becomes another.
    Errors: Invalid for a name that HTTP Basic can't carry; Conflict when it is taken.
    """
    if not username or ":" in username or not username.isprintable():
        raise Invalid("A provider needs a user name without a colon.")
    if not password:
        raise Invalid("The password must not be empty.")
    provider = Provider(
        id=work.ids.new(),
        name=provider_name(name, sandbox=sandbox),
        sandbox=sandbox,
        added_at=work.now,
    )
    provider_id = access.insert_provider(work.db, provider, by=work.actor.id)
    login = Login(
        provider_id=provider_id,
        provider_name=provider.name,
        credential_id=work.ids.new(),
        username=username,
        version=1,
        sandbox=sandbox,
    )
    if not access.insert_credential(work.db, login, hash_password(password), work.now):
        raise Conflict(f"The user name {username} is taken.")
    work.record(provider_id, credential=login.credential_id, sandbox=sandbox)
    return provider_id


@action("intake.provider.revoked", roles=DESK)
def revoke_provider(work: Work, *, username: str, in_hours: int = 0) -> None:
    """End a provider's user name: at once, or in some hours, when its successor is in use.

    Shape: at once, the next request with it is refused; a later end can be brought forward.
    Errors: Invalid for more than a year; NotFound when no such user name holds.
    """
    if not 0 <= in_hours <= _LONGEST_OVERLAP_HOURS:
        raise Invalid(f"A user name ends in 0 to {_LONGEST_OVERLAP_HOURS} hours.")
    ends_at = work.now + timedelta(hours=in_hours)
    credential = access.credential_of(work.db, username)
    if credential is None or not access.revoke_credential(work.db, username, ends_at, now=work.now):
        raise NotFound("user name", username)
    login = credential.login
    work.record(login.provider_id, credential=login.credential_id, in_hours=in_hours)


@action("intake.provider.listed", roles=DESK)
def list_providers(work: Work) -> list[ProviderLine]:
    """Every provider with its user names."""
    lines = access.provider_lines(work.db, work.now)
    work.record("all", count=len(lines))
    return lines


@action("intake.provider.read", roles=DESK)
def read_provider(work: Work, name: str) -> ProviderView:
    """One provider: user names, contacts, limits, and how it is held to each rule.

    Errors: NotFound.
    """
    provider = _provider(work, name)
    chosen = strictness_of(work, provider.id)
    view = ProviderView(
        provider=provider,
        credentials=tuple(access.provider_lines(work.db, work.now, provider_id=provider.id)),
        contacts=access.contacts_of(work.db, provider.id),
        limits=access.limits_of(work.db, provider.id),
        rules=tuple(
            HeldTo(
                rule=rule.name,
                asks=rule.asks,
                source=rule.source,
                mode=chosen.of(rule.name),
                chosen=rule.name in chosen.chosen,
                fixed=rule.fixed,
            )
            for rule in RULES.values()
        ),
    )
    work.record(provider.id)
    return view


@action("intake.contact.added", roles=DESK)
def add_contact(
    work: Work,
    provider: str,
    *,
    purpose: str,
    name: str,
    email: str | None = None,
    phone: str | None = None,
) -> str:
    """Note whom to reach at a provider and for what; returns the contact's id.

    Shape: `purpose` is technical, legal or urgent.
    Errors: NotFound; Invalid without a name, or without both an e-mail address and a number.
    """
    if purpose not in set(ContactPurpose):
        raise Invalid(f"A contact's purpose is one of: {', '.join(ContactPurpose)}.")
    told = [(text or "").strip() for text in (name, email, phone)]
    if not told[0] or not (told[1] or told[2]):
        raise Invalid("A contact needs a name, and an e-mail address or a telephone number.")
    if any(len(text) > _LONGEST_CONTACT or not text.isprintable() for text in told):
        raise Invalid(f"Each field of a contact has at most {_LONGEST_CONTACT} characters.")
    contact = Contact(
        id=work.ids.new(),
        purpose=ContactPurpose(purpose),
        name=told[0],
        email=told[1] or None,
        phone=told[2] or None,
        added_at=work.now,
    )
    found = _provider(work, provider)
    access.insert_contact(work.db, found.id, contact)
    work.record(found.id, contact=contact.id, purpose=contact.purpose)
    return contact.id


@action("intake.contact.removed", roles=DESK)
def remove_contact(work: Work, contact_id: str, *, provider: str | None = None) -> None:
    """Forget a contact, of this provider where one is named: its text goes for good.

    Errors: NotFound.
    """
    of = None if provider is None else _provider(work, provider).id
    provider_id = access.delete_contact(work.db, contact_id, provider_id=of)
    if provider_id is None:
        raise NotFound("contact", contact_id)
    work.record(provider_id, contact=contact_id)


@action("intake.limits.set", roles=DESK)
def set_limits(work: Work, provider: str, limits: Limits) -> None:
    """Say how fast, and how many at once, a provider's uploads are taken; None is as usual.

    Errors: NotFound; Invalid for less than a KiB a second, or for no or 1,001 uploads.
    """
    rate, at_once = limits.upload_bytes_per_second, limits.uploads_at_once
    if rate is not None and not _LEAST_BYTES_PER_SECOND <= rate < 1 << 40:
        raise Invalid(f"Uploads are taken at {_LEAST_BYTES_PER_SECOND} bytes a second or more.")
    if at_once is not None and not 1 <= at_once <= _MOST_UPLOADS_AT_ONCE:
        raise Invalid(f"A provider has 1 to {_MOST_UPLOADS_AT_ONCE} uploads at once.")
    found = _provider(work, provider)
    access.set_limits(work.db, found.id, limits, at=work.now)
    work.record(found.id, upload_bytes_per_second=rate, uploads_at_once=at_once)


@action("intake.rule.set", roles=DESK)
def set_rule(work: Work, provider: str, *, rule: str, mode: str | None) -> None:
    """Hold a provider to a rule strictly or leniently; None is as usual again.

    Errors: NotFound; Invalid for a rule or mode that is none, or a fixed rule made lenient.
    """
    strictness_from({rule: mode or Mode.STRICT})
    found = _provider(work, provider)
    store.set_mode(work.db, found.id, rule, mode, at=work.now)
    work.record(found.id, rule=rule, mode=mode or "usual")


def strictness_of(work: Work, provider_id: str) -> Strictness:
    """What a provider's documents are held to; a rule that this version has not is left out."""
    chosen = store.chosen_modes(work.db, provider_id)
    return strictness_from({rule: mode for rule, mode in chosen.items() if rule in RULES})


def _provider(work: Work, name: str) -> Provider:
    found = access.provider_by_name(work.db, name)
    if found is None:
        raise NotFound("provider", name)
    return found
