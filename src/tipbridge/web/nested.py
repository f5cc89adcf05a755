"""What is done under a nested address: a child is found under its own parent alone."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from tipbridge.foundation.base.errors import Conflict, Invalid


@contextmanager
def under_its_parent(check: Callable[[], None]) -> Generator[None]:
    """Ask `check` after what is done here, which takes everything back when it refuses.

    A refusal in words about the child would tell that there is one: `check` is asked first.
    Errors: those of `check`.
    """
    try:
        yield
    except (Conflict, Invalid):
        check()
        raise
    check()
