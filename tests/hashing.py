"""Passwords in tests: real hashes of the least strength, for nobody guesses one.

One hash of the product's own strength takes longer than most tests; `tests/web/test_even_refusals.py`
holds that strength, and works with it.
"""

from argon2 import PasswordHasher

from tipbridge.foundation.access import passwords

STRONG, STRONG_NOBODY = passwords._hasher, passwords._NOBODY
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_quickly() -> None:
    """From now on, in this process."""
    passwords._hasher = _QUICK
    passwords._NOBODY = _QUICK.hash("nobody's")
