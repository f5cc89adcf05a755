"""What a search looks for: words as they are compared, and identifiers in their normal forms."""

import unicodedata

from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.cases import identifiers

FEWEST_CHARACTERS = 2
_LONGEST = 100


def sought_words(text: str) -> str:
    """The words of a search in the form in which text is compared.

    Errors: Invalid for fewer than two characters or more than a hundred.
    """
    words = " ".join(unicodedata.normalize("NFKC", text).split())
    if not FEWEST_CHARACTERS <= len(words) <= _LONGEST or not words.isprintable():
        raise Invalid(f"text has {FEWEST_CHARACTERS} to {_LONGEST} printable characters.")
    return words.lower()


def squeezed(text: str) -> str:
    """The words of a search without spaces, as names and numbers are compared; case is the database's."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def sought_identifiers(text: str, region: str | None) -> tuple[str, ...]:
    """The normal forms of identifiers that a text may be; exact ones only."""
    known = (
        identifiers.email(text),
        identifiers.phone(text, region),
        identifiers.ip(text),
        identifiers.account("any", text),
        identifiers.device("any", text),
    )
    return tuple(sorted({each.value for each in known if each is not None}))
