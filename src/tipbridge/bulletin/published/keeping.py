"""The figures of a bulletin as bytes to keep, and back; pure.

A snapshot holds codes, counts and the definitions it was computed with, so that it can be
shown in any language when definitions, law and the rows behind it are others.
"""

import hashlib
import json

from pydantic import TypeAdapter, ValidationError

from tipbridge.bulletin.model import Bulletin
from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.base.errors import IntegrityFailure

FORM = 1
"""The form of the bytes; a program that changes `Bulletin` still reads every earlier one."""

_bulletin = TypeAdapter(Bulletin)


def kept_form(bulletin: Bulletin) -> bytes:
    """The bytes in which a bulletin's figures are kept."""
    values = _bulletin.dump_python(bulletin, mode="json")
    return canonical_json({"form": FORM, "bulletin": values})


def digest_of(figures: bytes) -> str:
    """SHA-256 of the kept bytes, in hex."""
    return hashlib.sha256(figures).hexdigest()


def opened(figures: bytes, digest: str) -> Bulletin:
    """The bulletin as it was published.

    Errors: IntegrityFailure when the bytes are not those that were published.
    """
    if digest_of(figures) != digest:
        raise IntegrityFailure("The kept figures are not those that were published.")
    try:
        return _bulletin.validate_json(json.dumps(json.loads(figures)["bulletin"]))
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise IntegrityFailure("The kept figures can't be read.") from error
