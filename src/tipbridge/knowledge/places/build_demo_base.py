"""Writes the demonstration base from its table of made-up networks (maintainers run this)."""

import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import cast

from mmdb_writer import MMDBWriter
from netaddr import IPSet

DATA = Path(__file__).parent / "data"


class _DatedWriter(MMDBWriter):
    """A writer whose file carries the table's date, so that the same table gives the same bytes."""

    built_at: datetime

    def _build_meta(self) -> dict[str, object]:  # the one seam the writer has for its date
        return {**super()._build_meta(), "build_epoch": int(self.built_at.timestamp())}


def build(table_path: Path, target: Path) -> None:
    """Write the base that `table_path` describes to `target`."""
    table = tomllib.loads(table_path.read_text("utf-8"))
    writer = _DatedWriter(
        ip_version=6,
        ipv4_compatible=True,
        database_type="Tipbridge-Demo",
        languages=["en"],
        description=str(table["description"]),
    )
    writer.built_at = cast("datetime", table["built_at"])
    for network in cast("list[dict[str, object]]", table["networks"]):
        writer.insert_network(
            IPSet([str(network["prefix"])]),
            {
                "country": {"iso_code": network["country"]},
                "autonomous_system_number": network["asn"],
                "autonomous_system_organization": network["name"],
                "network_kind": network["kind"],
            },
        )
    writer.to_db_file(str(target))


if __name__ == "__main__":
    build(DATA / "demo_networks.toml", Path(sys.argv[1]) if sys.argv[1:] else DATA / "demo.mmdb")
