"""What a place is called once it is named again: pure."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict
from tipbridge.police.removals.model import PlaceForm, Removal
from tipbridge.police.removals.places import NO_HOST


def corrected(
    known: Removal, *, form: PlaceForm | None, host: str | None, country: str | None
) -> Removal:
    """A known place with other words; what is None stays, an empty country is not known.

    Errors: Conflict where nothing differs.
    """
    right = replace(
        known,
        form=form or known.form,
        host=host or known.host,
        country=known.country if country is None else country or None,
    )
    if right == known:
        raise Conflict(
            f"This place is {known.form} at {known.host}, country {known.country or 'unknown'}"
            " already.",
            id=known.id,
        )
    return right


def renamed(known: Removal, said: Removal, *, said_host: bool) -> Removal:
    """A known place with the words of whoever names it again.

    Shape: after a mistake all of them, but for the basis of what a referral named; else those that
    nobody had said yet. `said_host` says that the host was named and not read from the address.
    Errors: Conflict for a form, host or country that differs from what stands.
    """
    if known.mistake is not None:
        basis = said.basis if known.referral_id is None else known.basis
        return replace(known, form=said.form, host=said.host, country=said.country, basis=basis)
    host = said.host if said_host or known.host == NO_HOST else known.host
    differs = (
        said.form is not known.form
        or host != known.host != NO_HOST
        or None is not said.country != known.country is not None
    )
    if differs:
        raise Conflict(
            f"This place is noted already, as {known.form} at {known.host}, country"
            f" {known.country or 'unknown'}. If that is wrong, correct it; if nothing is there, say"
            " that it was noted by mistake.",
            id=known.id,
        )
    return replace(known, host=host, country=known.country or said.country)
