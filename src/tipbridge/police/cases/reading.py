"""What a referral's parts say to the police: read, never guessed; what is unread is named."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, cast

from tipbridge.knowledge.agreements.model import Form, Part
from tipbridge.knowledge.law.ages import birth_of_age
from tipbridge.knowledge.law.model import Birth, Certainty
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.police.cases import identifiers
from tipbridge.police.cases.model import Identifier, PersonRole
from tipbridge.police.cases.referred import Item, ReferredFacts, ReferredPerson, Seen, Unread
from tipbridge.police.cases.rules import identifier_key

_ROLES = {
    "reported": PersonRole.REPORTED_USER,
    "recipient": PersonRole.RECIPIENT,
    "victim": PersonRole.VICTIM,
}
_MAX_AGE = 120
_LONGEST_NUMBER = 200
_PORTS = range(1, 65536)
_SIZES = range(2**63)
_MOST_DIGITS = 9
_YEARS = (1900, 9000)
"""Between them a day has a day before and after it, in every time zone and in the database."""
_PERSON_FIELDS = frozenset(
    {
        "role",
        "name",
        "birth_date",
        "age",
        "accounts",
        "emails",
        "phones",
        "ips",
        "devices",
        "country",
        "place",
    }
)
_FILE_FIELDS = frozenset({"digests", "content", "marks", "matches", "address"})


def read_facts(
    parts: Iterable[Part], received_on: date, day_of: Callable[[datetime], date] = datetime.date
) -> ReferredFacts:
    """What the police room takes from the parts; forms of an exact part are left aside.

    An age without a date counts for the day of the incident, the report, or the receipt, which
    `day_of` says where the law applies.
    """
    by_label = {part.label: part for part in parts}
    reading = _Reading(by_label)
    reported_at = reading.moment("report/received_at")
    incident_at = reading.moment("incident/at")
    seen_at = incident_at or reported_at
    seen_on = received_on if seen_at is None else day_of(seen_at)
    people = tuple(_person(reading, label, seen_on) for label in reading.below("people", levels=2))
    files = reading.below("files", levels=2)
    items = [item for label in files if (item := _item(reading, label)) is not None]
    return ReferredFacts(
        report_number=reading.short("report/id"),
        provider=reading.short("report/provider"),
        reported_at=reported_at,
        incident_at=incident_at,
        possible_self_production=any(
            reading.field(f"{label}/marks", "possible_self_production") is True for label in files
        ),
        people=people,
        items=tuple(items),
        addresses=tuple(
            (label, url)
            for label in _address_labels(reading, files)
            if (url := _string(reading.field(label, "url"))) is not None
        ),
        unread=reading.unread(),
    )


def _address_labels(reading: "_Reading", files: list[str]) -> list[str]:
    """Where parts say where material is: the incident's own pages, then each file's."""
    of_incident = reading.below("incident/addresses", levels=3)
    return [*of_incident, *(f"{label}/address" for label in files)]


def _person(reading: "_Reading", label: str, seen_on: date) -> ReferredPerson:
    country = _string(reading.field(f"{label}/country", "country"))
    place = f"{label}/place"
    kind = _string(reading.field(place, "kind"))
    return ReferredPerson(
        label=label,
        roles=frozenset({_ROLES[role]})
        if (role := reading.text(f"{label}/role") or "") in _ROLES
        else frozenset(),
        name=reading.text(f"{label}/name"),
        birth=_birth(reading, label, seen_on),
        country=country,
        place_kind=PlaceKind(kind) if kind in set(PlaceKind) else None,
        place_service=_string(reading.field(place, "service")),
        identifiers=_identifiers(reading, label, country),
        seen=_seen(reading, label),
    )


def _identifiers(reading: "_Reading", person: str, country: str | None) -> tuple[Identifier, ...]:
    provider = reading.short("report/provider") or ""
    readers: Mapping[str, Callable[[Mapping[str, Any]], Iterable[Identifier | None]]] = {
        "accounts": lambda v: _of_account(v, provider),
        "emails": lambda v: [identifiers.email(_string(v.get("address")) or "")],
        "phones": lambda v: [_of_phone(_string(v.get("number")) or "", country)],
        "ips": lambda v: [identifiers.ip(_string(v.get("address")) or "")],
        "devices": lambda v: [
            identifiers.device(_string(v.get("type")) or "", _string(v.get("value")) or "")
        ],
    }
    found: dict[tuple[str, str, str], Identifier] = {}
    for kind, read in readers.items():
        for label in reading.below(f"{person}/{kind}", levels=4):
            value = reading.table(label)
            known = [] if value is None else [each for each in read(value) if each is not None]
            if not known:
                reading.leave(label)
            found.update((identifier_key(each), each) for each in known)
    return tuple(found[key] for key in sorted(found))


def _seen(reading: "_Reading", person: str) -> tuple[Seen, ...]:
    """When each address was seen: without its time an address is nobody's."""
    found: list[Seen] = []
    for label in reading.below(f"{person}/ips", levels=4):
        address = identifiers.ip(_string(reading.field(label, "address")) or "")
        at = reading.moment_in(label, "at")
        port = reading.field(label, "port")
        if port is not None and (type(port) is not int or port not in _PORTS):
            reading.leave(label)
            port = None
        event = _string(reading.field(label, "event"))
        if address is not None and (at, port, event) != (None, None, None):
            found.append(Seen(label=label, identifier=address, at=at, port=port, event=event))
    return tuple(found)


def _of_phone(number: str, country: str | None) -> Identifier | None:
    return identifiers.phone(number, country) or identifiers.phone_as_written(number)


def _of_account(value: Mapping[str, Any], provider: str) -> list[Identifier | None]:
    """The account and the screen name; without a service, it is one at the provider itself."""
    service = _string(value.get("service")) or provider
    return [
        identifiers.account(service, _string(value.get("account")) or ""),
        identifiers.screen_name(service, _string(value.get("screen_name")) or ""),
    ]


def _birth(reading: "_Reading", person: str, seen_on: date) -> Birth | None:
    born_on = _day(reading.text(f"{person}/birth_date"))
    if born_on is not None:
        # What an account says of its owner is declared, whoever passes it on.
        return Birth(earliest=born_on, latest=born_on, certainty=Certainty.DECLARED)
    age = reading.value(f"{person}/age")
    if isinstance(age, dict):
        age = cast("dict[str, Any]", age).get("age")
    years = _age(age)
    if years is not None:
        return birth_of_age(years, years, seen_on)
    band = reading.table(f"{person}/age~{Form.BAND}") or {}
    low, high = _age(band.get("from")), _age(band.get("to"))
    if low is not None and high is not None and high < low:
        reading.leave(f"{person}/age~{Form.BAND}")
        return None
    return None if low is None else birth_of_age(low, _MAX_AGE if high is None else high, seen_on)


def _age(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_AGE:
        return value
    return None


def _item(reading: "_Reading", label: str) -> Item | None:
    digests = reading.table(f"{label}/digests") or {}
    content = reading.table(f"{label}/content") or {}
    sha256 = _digest(digests.get("sha256"), 64) or _digest(content.get("sha256"), 64)
    sha1, md5 = _digest(digests.get("sha1"), 40), _digest(digests.get("md5"), 32)
    if sha256 is None and sha1 is None and md5 is None:
        if digests:
            reading.leave(f"{label}/digests")
        return None
    size = digests.get("size_bytes", content.get("size_bytes"))
    return Item(
        label=label,
        sha256=sha256,
        sha1=sha1,
        md5=md5,
        size_bytes=size if type(size) is int and size in _SIZES else None,
    )


def _digest(value: object, digits: int) -> str | None:
    text = value.lower() if isinstance(value, str) else ""
    return text if len(text) == digits and set(text) <= set("0123456789abcdef") else None


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None


class _Reading:
    """The parts by label, and which of them could not be read."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._left: set[str] = set()

    def value(self, label: str) -> object:
        part = self._parts.get(label)
        return None if part is None else part.value

    def table(self, label: str) -> Mapping[str, Any] | None:
        value = self.value(label)
        return cast("dict[str, Any]", value) if isinstance(value, dict) else None

    def field(self, label: str, name: str) -> object:
        return (self.table(label) or {}).get(name)

    def text(self, label: str) -> str | None:
        value = self.value(label)
        return str(value) if isinstance(value, int) else _string(value)

    def short(self, label: str) -> str | None:
        """A text that an index can hold, as a number or a name is."""
        found = self.text(label)
        if found is not None and len(found) > _LONGEST_NUMBER:
            self.leave(label)
            return None
        return found

    def moment(self, label: str) -> datetime | None:
        return self._moment(label, self.text(label))

    def moment_in(self, label: str, name: str) -> datetime | None:
        """A moment in a part's field."""
        value = self.field(label, name)
        if value is not None and not isinstance(value, str):
            self.leave(label)
        return self._moment(label, _string(value))

    def _moment(self, label: str, text: str | None) -> datetime | None:
        try:
            found = None if text is None else datetime.fromisoformat(text)
        except ValueError:
            self.leave(label)
            return None
        if found is not None and not _YEARS[0] <= found.year <= _YEARS[1]:
            self.leave(label)
            return None
        return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found

    def below(self, stem: str, *, levels: int) -> list[str]:
        """The labels one step below `stem`, by number: `people/0`, `people/1`, `people/10`."""
        found = {
            "/".join(label.partition("~")[0].split("/")[:levels])
            for label in self._parts
            if label.startswith(f"{stem}/")
        }
        return sorted(found, key=_by_number)

    def leave(self, label: str) -> None:
        if label in self._parts:
            self._left.add(label)

    def unread(self) -> tuple[str, ...]:
        unknown = {label for label in self._parts if not _has_field(label)}
        return tuple(sorted(self._left | unknown))


def why_unread(label: str) -> Unread:
    """Why a part is among those unread."""
    return Unread.UNREADABLE if _has_field(label) else Unread.NO_FIELD


def _has_field(label: str) -> bool:
    """Whether a part about a person or file has a field here; forms stand behind their part."""
    steps = label.partition("~")[0].split("/")
    fields = {"people": _PERSON_FIELDS, "files": _FILE_FIELDS}.get(steps[0])
    return fields is None or len(steps) < 3 or steps[2] in fields


def _by_number(label: str) -> tuple[tuple[int, str], ...]:
    return tuple((_number(step), step) for step in label.split("/"))


def _number(step: str) -> int:
    return int(step) if step.isdecimal() and len(step) <= _MOST_DIGITS else -1
