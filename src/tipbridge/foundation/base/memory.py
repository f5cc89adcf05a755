"""How often a program looks for what nothing leads to any more."""

import gc

_YOUNG, _OLDER = 50_000, 20
"""Objects made, less those dropped, before the young are looked at; and how seldom all are."""


def collect_rarely() -> None:
    """Look for garbage in cycles less often than CPython's own 700 objects.

    What a listing of a medium or a package makes stays until its end, and most of the rest is
    dropped without being looked for: looking was a tenth of an examination's processor time.
    """
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
