"""What refusals quote of the law, in another language; pure but for the package's own files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import cast

from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Source
from tipbridge.knowledge.law.terms import shipped_terms
from tipbridge.knowledge.law.words import cited, cited_plainly


@cache
def quotations(language: str) -> Mapping[str, str]:
    """Each code of the law, and each citation as refusals say it, in `language`."""
    terms = shipped_terms()
    codes = {code: words.ko if language == "ko" else words.en for code, words in terms.items()}
    return codes | {
        cited_plainly(source): cited(source, terms, language)
        for law in shipped_laws()
        for source in _sources(law)
    }


def _sources(part: object) -> Iterator[Source]:
    """Every source that a part of the law holds, however deep."""
    if isinstance(part, Source):
        yield part
    elif is_dataclass(part):
        for each in fields(part):
            yield from _sources(getattr(part, each.name))
    elif isinstance(part, Mapping):
        for value in cast("Mapping[object, object]", part).values():
            yield from _sources(value)
    elif isinstance(part, tuple | frozenset):
        for value in cast("Iterable[object]", part):
            yield from _sources(value)
