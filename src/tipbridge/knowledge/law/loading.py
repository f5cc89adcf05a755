"""The law files of the package, checked, as the versions that follow each other."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import pairwise
from typing import TypeVar

from tipbridge.knowledge.law.checking import contradictions
from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.jurisdiction import Dated, Jurisdiction, Version, read_jurisdiction
from tipbridge.knowledge.law.model import Words
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.knowledge.law.terms import shipped_terms

_Entry = TypeVar("_Entry")


@cache
def shipped_jurisdictions() -> tuple[Jurisdiction, ...]:
    """Every jurisdiction of the package, by code.

    Errors: NotALaw; the program does not start with law that contradicts itself.
    """
    folder = resources.files(__package__ or "") / "jurisdictions"
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    found = [read_jurisdiction(entry.read_text("utf-8"), entry.name) for entry in files]
    return tuple(sorted(found, key=lambda each: each.code))


@cache
def shipped_laws() -> tuple[LawVersion, ...]:
    """Every law version of the package, by jurisdiction and first day."""
    terms = shipped_terms()
    return tuple(law for found in shipped_jurisdictions() for law in versions_of(found, terms))


@cache
def widest_margin() -> int:
    """By how many years a declared birth may be wrong, by the law that trusts it least."""
    return max(law.declared_margin_years for law in shipped_laws())


def law_fingerprint(on: date) -> str:
    """What the law of the package is on a day: its data, and which of its versions hold.

    Shape: differs when a file differs in a byte, and when a version begins or ends.
    """
    holding = [
        law.id
        for law in shipped_laws()
        if law.valid_from <= on and (law.valid_to is None or on <= law.valid_to)
    ]
    return sha256("\n".join((_data_digest(), *holding)).encode()).hexdigest()


@cache
def _data_digest() -> str:
    folder = resources.files(__package__ or "") / "jurisdictions"
    files = sorted((e.name, e.read_bytes()) for e in folder.iterdir() if e.name.endswith(".toml"))
    return sha256(b"".join(sha256(data).digest() for _, data in files)).hexdigest()


def load_law(text: str, file: str = "law") -> tuple[LawVersion, ...]:
    """A jurisdiction's law versions from its TOML.

    Errors: NotALaw naming file, entry, field and what is allowed.
    """
    return versions_of(read_jurisdiction(text, file), shipped_terms())


def versions_of(found: Jurisdiction, terms: Mapping[str, Words]) -> tuple[LawVersion, ...]:
    """The law as it stood in each of its versions.

    Errors: NotALaw for the first thing in which the file contradicts itself.
    """
    for finding in contradictions(found, terms):
        raise NotALaw(f"{found.file}: {finding}")
    ends = [later.since - timedelta(days=1) for _, later in pairwise(found.versions)]
    return tuple(
        _version(found, version, {**terms, **found.words}, end)
        for version, end in zip(found.versions, [*ends, None], strict=True)
    )


def _version(
    found: Jurisdiction, version: Version, words: Mapping[str, Words], end: date | None
) -> LawVersion:
    def on(entries: Sequence[Dated[_Entry]]) -> tuple[_Entry, ...]:
        return tuple(each.entry for each in entries if each.on(version.since))

    return LawVersion(
        id=version.id,
        jurisdiction=found.code,
        edition=found.edition,
        title=version.title,
        time_zone=found.time_zone,
        valid_from=version.since,
        valid_to=end,
        began=version.source,
        juvenile=found.juvenile,
        child=found.child,
        lenient=found.lenient,
        principle=found.principle,
        declared_margin_years=found.declared_margin_years,
        offences=on(found.offences),
        bands=tuple(sorted(on(found.bands), key=lambda band: band.from_age)),
        diversions=on(found.diversions),
        at_risk=on(found.at_risk),
        limitations=found.limitations,
        duties=on(found.duties),
        outcomes=on(found.outcomes),
        stages=on(found.stages),
        transitions=on(found.transitions),
        clocks=on(found.clocks),
        bodies=on(found.bodies),
        pending=tuple(found.pending),
        unresolved=found.unresolved,
        no_offence=found.no_offence,
        serious=found.serious,
        unresolved_duties=found.triggers["unresolved"],
        minor_duties=found.triggers["minor"],
        self_produced_duties=found.triggers["self_produced"],
        depicted_duties=found.triggers["depicted"],
        words=words,
    )
