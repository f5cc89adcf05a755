"""Password hashes (argon2id) and session tokens."""

import hashlib
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_few_at_once = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB: two at once bound the memory."""


_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4"
    "$2DVKA1ueU5MzM2lyU0FJ7w$3uhHICdtQzga+94V9A6iX5rbidu/oeBydiJv7d0MjLA"
)
"""The hash of random bytes that nobody kept, with the parameters of every other hash."""


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    with _few_at_once:
        return _hasher.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether `password` made `stored`; the same work is done where nobody has that name."""
    with _few_at_once:
        try:
            return _hasher.verify(stored or _NOBODY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def token_digest(token: str) -> bytes:
    """What is stored of a session token: a copy of the table signs nobody in."""
    return hashlib.sha256(token.encode()).digest()
