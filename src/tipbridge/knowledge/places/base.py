"""Address data in the MaxMind file format, the operator's own file or the demonstration base."""

import hashlib
import io
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

import maxminddb

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.places.model import (
    AddressFacts,
    DataSource,
    Network,
    NetworkKind,
    PlaceKind,
    Reach,
    Service,
)
from tipbridge.knowledge.places.rules import Address, parse_address, prefix_of, reach_of

_DATA = Path(str(files("tipbridge.knowledge.places") / "data"))
DEMO_FILE = _DATA / "demo.mmdb"
"""The demonstration base over documentation ranges, made by `build_demo_base.py`."""

_ASKED = frozenset({Reach.GLOBAL, Reach.DOCUMENTATION})


class PlacesBase:
    """Answers for single addresses out of one data file, or out of none."""

    def __init__(self, reader: maxminddb.Reader | None, source: DataSource | None) -> None:
        self._reader, self.source = reader, source

    def look_up(self, text: str) -> AddressFacts | None:
        """What is known of an address; None when the text is none.

        Shape: the file is asked only for global and documentation addresses.
        """
        address = parse_address(text)
        if address is None:
            return None
        reach = reach_of(address)
        record = self._record(address) if reach in _ASKED else {}
        network = _network(record)
        country = _country(record)
        return AddressFacts(
            address=str(address),
            reach=reach,
            prefix=prefix_of(address),
            country=country,
            network=network,
            source=self.source if country or network else None,
        )

    def _record(self, address: Address) -> dict[str, object]:
        if self._reader is None:
            return {}
        if address.version > self._reader.metadata().ip_version:
            return {}  # a file without IPv6 can't know this address: unknown, not an error
        # The library types its records as any nesting; ours are looked at key by key.
        found = cast("object", self._reader.get(address))  # pyright: ignore[reportUnknownMemberType]
        return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def no_base() -> PlacesBase:
    """A base that knows no address: special ranges are still told."""
    return PlacesBase(None, None)


def read_base(file_name: str, data: bytes) -> PlacesBase:
    """A base from the bytes of a data file.

    Errors: Invalid when they are no MaxMind database.
    """
    try:
        reader = maxminddb.open_database(  # pyright: ignore[reportUnknownMemberType]
            io.BytesIO(data), maxminddb.MODE_FD
        )
    except (maxminddb.InvalidDatabaseError, ValueError) as error:
        raise Invalid(f"{file_name} is not a MaxMind database.") from error
    source = DataSource(
        file_name=file_name,
        sha256=hashlib.sha256(data).hexdigest(),
        built_at=datetime.fromtimestamp(reader.metadata().build_epoch, UTC),
    )
    return PlacesBase(reader, source)


@cache
def open_base(path: Path) -> PlacesBase:
    """The base in a file, read once per process.

    Errors: Invalid when the file cannot be read or is no MaxMind database.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Invalid(f"The address data file {path.name} cannot be read.") from error
    return read_base(path.name, data)


@cache
def demo_base() -> PlacesBase:
    """The demonstration base over documentation ranges; synthetic."""
    return read_base(DEMO_FILE.name, DEMO_FILE.read_bytes())


def chosen_base(path: Path | None, *, synthetic: bool) -> PlacesBase:
    """The operator's own file when there is one; else the demonstration base, or none.

    Shape: a real node never answers from the demonstration base.
    """
    if path is not None:
        return open_base(path)
    return demo_base() if synthetic else no_base()


@cache
def known_services() -> tuple[Service, ...]:
    """The shipped table of services and the kind of place each is."""
    table = tomllib.loads((_DATA / "services.toml").read_text("utf-8"))
    return tuple(_service(each) for each in cast("list[dict[str, object]]", table["services"]))


def _service(entry: dict[str, object]) -> Service:
    names = cast("list[str]", entry["names"])
    return Service(
        name=str(entry["name"]),
        kind=PlaceKind(str(entry["kind"])),
        names=tuple(each.casefold() for each in names),
        domains=tuple(cast("list[str]", entry["domains"])),
        from_day=cast("date", entry["from"]),
        until_day=cast("date | None", entry.get("until")),
    )


def _country(record: dict[str, object]) -> str | None:
    """The country of a record, nested as in country files or flat as in free ones."""
    nested = record.get("country")
    code = cast("dict[str, object]", nested).get("iso_code") if isinstance(nested, dict) else nested
    code = code or record.get("country_code")
    return str(code) if code else None


def _network(record: dict[str, object]) -> Network | None:
    asn = record.get("autonomous_system_number")
    if not isinstance(asn, int):
        return None
    kind = record.get("network_kind")
    return Network(
        asn=asn,
        name=str(record.get("autonomous_system_organization") or ""),
        kind=NetworkKind(kind) if kind in set(NetworkKind) else NetworkKind.UNKNOWN,
    )
