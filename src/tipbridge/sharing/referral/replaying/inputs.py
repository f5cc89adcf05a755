"""A decision's inputs as bytes and back, and what differs between two results. Pure."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.decisions import (
    ReleaseDecision,
    ReleaseFacts,
    decision_document,
)
from tipbridge.knowledge.agreements.model import (
    Agreement,
    DataClass,
    Form,
    GrantedRequest,
    Part,
    Suspension,
)
from tipbridge.sharing.referral.replaying.model import Changed, Difference, Inputs

SALT_BYTES = 32
_MAX_BYTES = 64 * 1024 * 1024
Held = Callable[[str], Agreement | None]
"""The agreement of a name, as this node holds it; its document never changes."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Label(_Strict):
    label: str
    data_class: DataClass
    form: Form


class _Standing(_Strict):
    """An agreement by its name, with what was known of it then."""

    sha256: str
    replaced_at: datetime | None
    signed_by: tuple[str, ...]
    suspensions: tuple[Suspension, ...]
    told: tuple[Suspension, ...] = ()
    keyed: tuple[_Label, ...] = ()


class _Document(_Strict):
    salt: str
    at: datetime
    facts: ReleaseFacts
    parts: tuple[_Label, ...]
    agreements: tuple[_Standing, ...]
    granted: tuple[GrantedRequest, ...]


_ADAPTER = TypeAdapter(_Document)


def inputs_bytes(inputs: Inputs, salt: bytes) -> bytes:
    """The inputs as they are kept, without any value; the salt keeps their digest from guessing."""
    document = _Document(
        salt=salt.hex(),
        at=inputs.at,
        facts=inputs.facts,
        parts=_labels(inputs.parts),
        agreements=tuple(
            _Standing(
                sha256=agreement.sha256,
                replaced_at=agreement.replaced_at,
                signed_by=tuple(sorted(agreement.signed_by)),
                suspensions=agreement.suspensions,
                told=agreement.told,
                keyed=_labels(inputs.keyed.get(agreement.sha256, ())),
            )
            for agreement in inputs.agreements
        ),
        granted=inputs.granted,
    )
    return zlib.compress(_ADAPTER.dump_json(document), 1)


def read_inputs(data: bytes, held: Held) -> Inputs | None:
    """The inputs in `data`; None when an agreement they name is not held any more.

    Errors: Invalid for what has another form.
    """
    try:
        plain = zlib.decompressobj().decompress(data, _MAX_BYTES)
        document = _ADAPTER.validate_json(plain)
    except (zlib.error, ValidationError) as error:
        raise Invalid("These are not the inputs of a decision.") from error
    agreements: list[Agreement] = []
    for standing in document.agreements:
        agreement = held(standing.sha256)
        if agreement is None:
            return None
        agreements.append(
            replace(
                agreement,
                replaced_at=standing.replaced_at,
                signed_by=frozenset(standing.signed_by),
                suspensions=standing.suspensions,
                told=standing.told,
            )
        )
    return Inputs(
        at=document.at,
        facts=document.facts,
        parts=_parts(document.parts),
        agreements=tuple(agreements),
        granted=document.granted,
        keyed={
            standing.sha256: _parts(standing.keyed)
            for standing in document.agreements
            if standing.keyed
        },
    )


def _labels(parts: Iterable[Part]) -> tuple[_Label, ...]:
    return tuple(
        _Label(label=part.label, data_class=part.data_class, form=part.form) for part in parts
    )


def _parts(labels: Iterable[_Label]) -> tuple[Part, ...]:
    return tuple(
        Part(label=each.label, value=None, data_class=each.data_class, form=each.form)
        for each in labels
    )


def result_document(decision: ReleaseDecision) -> dict[str, Any]:
    """A decision as plain JSON, as the database gives it back."""
    return cast("dict[str, Any]", json.loads(json.dumps(decision_document(decision))))


def changes(kept: Mapping[str, object], now: Mapping[str, object]) -> tuple[Changed, ...]:
    """Everything in which the result of now differs from the kept one; the version aside."""
    return tuple(_changes(kept, now))


def _changes(kept: Mapping[str, object], now: Mapping[str, object]) -> Iterator[Changed]:
    plain = (
        (Difference.REFUSAL, ("refusal",)),
        (Difference.BASIS, ("basis", "decided_at")),
        (Difference.MARKING, ("tlp", "handling", "name_withheld")),
        (Difference.CONDITIONS, ("conditions",)),
    )
    for what, names in plain:
        before, after = ({name: each.get(name) for name in names} for each in (kept, now))
        if before != after:
            yield Changed(what=what, label=None, kept=before, now=after)
    before, after = _fates(kept), _fates(now)
    for label in sorted(before.keys() | after.keys()):
        if before.get(label) != after.get(label):
            yield Changed(
                what=Difference.PART, label=label, kept=before.get(label), now=after.get(label)
            )


def _fates(result: Mapping[str, object]) -> dict[str, object]:
    """Each part's fate by its label."""
    parts = cast("list[dict[str, object]]", result.get("parts") or [])
    return {
        str(part["label"]): {name: part[name] for name in ("released", "reason", "form")}
        for part in parts
    }
