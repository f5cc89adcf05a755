"""To whom an exhibit may be handed over: somebody who works here, or somebody said to be outside."""

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work

OUTSIDE = "outside of this organisation"
"""What a hand-over says of a receiver who has no account here."""


def check_receiver(work: Work, name: str, *, outside: bool) -> None:
    """See that a receiver is of the kind that is said, within the caller's own action.

    Errors: Invalid: a mistyped user name would leave the exhibit with nobody.
    """
    member = access_store.staff_by_username(work.db, name)
    if outside:
        if member is not None and member.active:
            raise Invalid(
                f"{name!a} works here: hand it over without saying that they are outside."
            )
        return
    if member is None:
        raise Invalid(
            f"Nobody here has the user name {name!a}. To hand it to somebody outside, say that they"
            " are outside (--outside)."
        )
    if not member.active:
        raise Invalid(f"{name!a} does not work here any more, and can't receive it.")
