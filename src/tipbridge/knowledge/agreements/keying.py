"""A value as a hash under one agreement's own key: it says whether two are the same, and no more."""

import hashlib
import hmac
from collections.abc import Sequence

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements import store
from tipbridge.knowledge.agreements.model import Agreement
from tipbridge.knowledge.agreements.words import DataClass, Verdict

KEY_BYTES = 32
_TAG = b"tipbridge keyed value v1\0"


def hashes_anything(agreement: Agreement) -> bool:
    """Whether a rule of the agreement, of a class or of a path, lets hashes through."""
    terms = agreement.terms
    rules = (*terms.rules.values(), *terms.clauses.paths.values())
    return any(rule.verdict is Verdict.HASH for rule in rules)


def keyed_value(key: bytes, data_class: DataClass, identity: Sequence[str]) -> str:
    """HMAC-SHA-256 over what identifies something, as hexadecimal.

    Shape: the class is inside, so that a number as telephone and as account differ.
    """
    bound = _TAG + canonical_json([data_class.value, *identity])
    return hmac.new(key, bound, hashlib.sha256).hexdigest()


def key_of(work: Work, sha256: str) -> bytes:
    """The key of an agreement, which never leaves this node; made when it is first asked for.

    Shape: an amendment goes on with the key of the version that it replaces.
    Errors: NotFound once it was destroyed: then nothing can be tied to what was sent before.
    """
    vault = work.node.vault
    kept = _kept(work, sha256)
    if kept is None:
        store.lock_adding(work.db)
        kept = _kept(work, sha256)
    if kept is not None:
        return vault.open_words(*kept)
    key, key_id = work.ids.random_bytes(KEY_BYTES), work.ids.new()
    vault.create_key(key_id)
    # Run in the other order: first the key, then what is left of its folder.
    work.on_rollback(lambda: vault.remove(key_id))
    work.on_rollback(lambda: vault.destroy_key(key_id))
    sealed = vault.seal_words(key_id, key)
    store.insert_key(work.db, sha256, key_id=key_id, sealed=sealed, at=work.now)
    return key


def _kept(work: Work, sha256: str) -> tuple[str, bytes] | None:
    """The key of this version, or else of the nearest one before it that has one."""
    version: str | None = sha256
    while version is not None:
        kept = store.key_of(work.db, version)
        if kept is not None:
            return kept
        earlier = store.by_sha256(work.db, version)
        version = None if earlier is None else earlier.replaces
    return None
