"""Parts as keyed hashes, for agreements whose rules want them; pure, but for the key."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, cast

from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.fields import wants_hash
from tipbridge.knowledge.agreements.keying import hashes_anything, key_of, keyed_value
from tipbridge.knowledge.agreements.model import Agreement, DataClass, Form, Part

_NO_DIGIT = re.compile(r"\D")
_NAMES: Mapping[DataClass, tuple[tuple[str, ...], ...]] = {
    DataClass.ACCOUNT: (("service", "account"), ("service", "screen_name")),
    DataClass.CONTACT: (("address",), ("number",)),
    DataClass.IP: (("address",),),
    DataClass.DEVICE: (("type", "value"),),
    DataClass.CONTENT_HASH: (("sha256",), ("sha1",), ("md5",)),
    DataClass.MATERIAL_ADDRESS: (("url",),),
}
"""Which members of a value identify what it names; the first that are all there count."""


def keyed_parts(
    work: Work, agreements: Iterable[Agreement], parts: Iterable[Part]
) -> dict[str, tuple[Part, ...]]:
    """The keyed forms that each agreement wants, by its name; none where no rule hashes."""
    found = list(parts)
    wanted: dict[str, tuple[Part, ...]] = {}
    for agreement in agreements:
        if hashes_anything(agreement):
            made = hashed(found, agreement, key_of(work, agreement.sha256))
            wanted[agreement.sha256] = tuple(made)
    return wanted


def hashed(parts: Iterable[Part], agreement: Agreement, key: bytes) -> list[Part]:
    """The keyed form of each exact part that a rule wants hashed and that identifies something."""
    found = list(parts)
    taken = {part.label for part in found}
    made: list[Part] = []
    for part in found:
        identity = identity_of(part)
        label = f"{part.label}~{Form.KEYED}"
        if identity is None or label in taken or not wants_hash(agreement.terms, part):
            continue
        value = {"hmac_sha256": keyed_value(key, part.data_class, identity)}
        made.append(Part(label=label, value=value, data_class=part.data_class, form=Form.KEYED))
    return made


def identity_of(part: Part) -> tuple[str, ...] | None:
    """What makes two parts the same thing, however it is written; None when nothing does.

    Shape: words of a small closed list (a role, a country) have none: counting equal hashes
    would tell which is which.
    """
    if part.form is not Form.EXACT:
        return None
    if part.data_class is DataClass.NAME:
        return (_plain(part.value),) if isinstance(part.value, str) and part.value.strip() else None
    if not isinstance(part.value, dict):
        return None
    value = cast("dict[str, Any]", part.value)
    for names in _NAMES.get(part.data_class, ()):
        said = [value.get(name) for name in names]
        if all(isinstance(word, str) and word.strip() for word in said):
            texts = zip(names, cast("list[str]", said), strict=True)
            return (names[-1], *(_written(name, text) for name, text in texts))
    return None


def _written(name: str, text: str) -> str:
    return _NO_DIGIT.sub("", text) or _plain(text) if name == "number" else _plain(text)


def _plain(text: str) -> str:
    """One form for one word: composed, without case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
