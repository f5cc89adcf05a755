"""What lies inside the seal is a bag with a CASE graph, for tools that know nothing of us."""

import io
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import bagit
import pytest

from tests.sharing.exchange import large, vectors
from tests.sharing.exchange.packages import PARTS, Built, build, salted, statement_of
from tipbridge.knowledge.agreements.clauses import InformationGrade, Pap, SourceGrade
from tipbridge.knowledge.agreements.markings import Marking
from tipbridge.knowledge.agreements.model import DataClass, HandlingCode, Part, Tlp
from tipbridge.sharing.exchange.bag import bag_pieces
from tipbridge.sharing.exchange.graph import graph_of
from tipbridge.sharing.exchange.model import FileSlot, PackageKind
from tipbridge.sharing.exchange.package import file_slots

VALIDATOR = Path(sys.executable).with_name("case_validate")
MARKED = Marking(
    tlp=Tlp.AMBER,
    pap=Pap.RED,
    handling=frozenset({HandlingCode.H1, HandlingCode.H2}),
    source=SourceGrade.B,
    information=InformationGrade.TWO,
)
_MORE = (
    ("people/0/emails/0", {"address": "person-001@service.example"}, DataClass.CONTACT),
    ("people/0/phones/0", {"number": "+1 202 555 0100"}, DataClass.CONTACT),
    ("people/0/accounts/0", {"service": "s", "account": "person-001"}, DataClass.ACCOUNT),
    ("people/1/ips/0", {"address": "2001:db8::7", "port": 4711}, DataClass.IP),
    ("incident/addresses/0", {"url": "https://service.example/x"}, DataClass.MATERIAL_ADDRESS),
    ("files/0/digests", {"md5": "0" * 32, "sha256": "1" * 64}, DataClass.CONTENT_HASH),
    ("favours/0", {"kind": "k", "text": "경찰"}, DataClass.FAVOURS),
)
ALL = salted((*PARTS, *(Part(label=a, value=b, data_class=c) for a, b, c in _MORE)))


def full() -> Built:
    """Every sort of part, with every marking."""
    return build(statement_of(ALL, marking=MARKED), ALL)


def unpacked(plain: bytes, folder: Path) -> Path:
    """The bag's folder, unpacked by the standard library."""
    with tarfile.open(fileobj=io.BytesIO(plain)) as bag:
        bag.extractall(folder, filter="data")
    (found,) = folder.iterdir()
    return found


def test_the_bagit_library_takes_what_is_inside(tmp_path: Path) -> None:
    plains = [full().plain, *(vectors.vector(11, number).plain for number in (0, 2, 4))]
    for number, plain in enumerate(plains):
        folder = unpacked(plain, tmp_path / str(number))
        bag = bagit.Bag(str(folder))
        bag.validate()
        assert bag.info["External-Identifier"] == folder.name
        (folder / "data/case.jsonld").write_bytes(b"{}")
        with pytest.raises(bagit.BagValidationError):
            bagit.Bag(str(folder)).validate()


def test_case_validate_has_no_complaint_about_a_package_of_any_kind(tmp_path: Path) -> None:
    paths: list[str] = []
    for number, kind in enumerate(PackageKind):
        parts = ALL if kind is PackageKind.REFERRAL else ALL[: 1 + number % 4]
        marking = MARKED if number % 2 == 0 else Marking()
        statement = statement_of(parts, package_id=f"{number:032x}", kind=kind, marking=marking)
        path = tmp_path / f"{kind}.jsonld"
        path.write_bytes(graph_of([statement], parts, file_slots(parts)))
        paths.append(str(path))
    for number in (0, 2, 4, 6):
        lies = unpacked(vectors.vector(11, number).plain, tmp_path / str(number))
        paths.append(str(lies / "data/case.jsonld"))
    done = subprocess.run(
        [str(VALIDATOR), *paths],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
    )
    assert "Conforms: True" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
    assert "arning" not in done.stdout + done.stderr, "nor a warning"


def test_the_graph_says_every_part_its_people_and_its_markings() -> None:
    graph = json.loads(graph_of([full().statement], ALL, file_slots(ALL)))["@graph"]
    said = {node["uco-core:name"]: node for node in graph if "uco-core:name" in node}
    assert {salted.part.label for salted in ALL} <= set(said)
    assert {"people/0", "people/1", "us.clearing", "us.hsi", "referral"} <= set(said)
    facets = {
        node["uco-core:name"]: [facet["@type"] for facet in node["uco-core:hasFacet"]]
        for node in graph
        if "uco-core:hasFacet" in node
    }
    assert facets["people/0/ips/0"] == ["uco-observable:IPv4AddressFacet"]
    assert facets["people/1/ips/0"] == ["uco-observable:IPv6AddressFacet"]
    assert facets["people/0/emails/0"] == ["uco-observable:EmailAddressFacet"]
    assert facets["files/0/content"] == [
        "uco-observable:FileFacet",
        "uco-observable:ContentDataFacet",
    ]
    (marking,) = (node for node in graph if node["@type"] == "uco-marking:MarkingDefinition")
    words = [word["uco-marking:statement"] for word in marking["uco-marking:definition"]]
    assert words == ["TLP:AMBER", "PAP:RED", "H1", "H2", "source B", "information 2"]
    marked = [node for node in graph if "uco-core:objectMarking" in node]
    assert len(marked) == len(ALL) + 2, "every part, the action, and its record"


def test_a_file_beyond_eight_gib_has_its_size_in_a_pax_record() -> None:
    size = 10 * 1024**3
    label = "files/0/content"
    value = {"sha256": "0" * 64, "size_bytes": size}
    parts = salted([Part(label=label, value=value, data_class=DataClass.CONTENT)])
    slot = FileSlot(label=label, sha256="0" * 64, size_bytes=size)
    pieces = list(bag_pieces(b"{}", [statement_of(parts)], parts, [slot]))
    place = pieces.index(slot)
    first = pieces[place - 1]
    assert isinstance(first, bytes)
    assert len(first) == 3 * 512
    read = tarfile.TarFile.open(fileobj=io.BytesIO(first + bytes(1024)))
    member = read.next()
    assert member is not None
    assert (member.size, member.name) == (size, f"{0:031x}1/data/files/0")
    small = replace(slot, size_bytes=8**11 - 1)
    last_of_ustar = list(bag_pieces(b"{}", [statement_of(parts)], parts, [small]))
    assert [len(each) for each in last_of_ustar if isinstance(each, bytes)][1] == 512


def test_memory_stays_as_it_is_however_large_a_file_is(tmp_path: Path) -> None:
    """The long form with 10 GB is `make large-package`."""
    few = large.measured(tmp_path, size_bytes=8 * 1024**2)
    many = large.measured(tmp_path, size_bytes=300 * 1024**2)
    for side in ("writing", "reading"):
        assert many[side] < few[side] + large.ALLOWED_BYTES, (side, few, many)
