"""Referrals and their parts for tests of the police rooms."""

from datetime import UTC, datetime

from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass, Form, Part, Purpose
from tipbridge.police.cases.taking import Taken, take
from tipbridge.sharing.referral.model import Origin, ReceivedReferral

RECEIVED = datetime(2014, 1, 20, 9, tzinfo=UTC)
_CLASSES = {
    "accounts": DataClass.ACCOUNT,
    "emails": DataClass.CONTACT,
    "phones": DataClass.CONTACT,
    "ips": DataClass.IP,
    "devices": DataClass.DEVICE,
    "name": DataClass.NAME,
    "birth_date": DataClass.AGE,
    "age": DataClass.AGE,
    "country": DataClass.LOCATION,
    "digests": DataClass.CONTENT_HASH,
    "address": DataClass.MATERIAL_ADDRESS,
}


def part(label: str, value: object) -> Part:
    """A part with the class its label has."""
    base, _, form = label.partition("~")
    steps = base.split("/")
    data_class = next((_CLASSES[s] for s in steps if s in _CLASSES), DataClass.INCIDENT)
    return Part(label=label, value=value, data_class=data_class, form=Form(form or "exact"))


def parts(**values: object) -> list[Part]:
    """Parts from labels with `__` for `/`."""
    return [part(label.replace("__", "/"), value) for label, value in values.items()]


def account_parts(name: str = "kid1", service: str = "example-social", person: int = 0) -> list:
    """A reported user with one account."""
    stem = f"people/{person}"
    return [
        part(f"{stem}/role", "reported"),
        part(f"{stem}/accounts/0", {"service": service, "account": name}),
    ]


def varied(length: int) -> str:
    """Letters of three bytes each, which no compression makes fewer."""
    return "".join(chr(0xAC00 + each * each * 7919 % 11172) for each in range(1, length + 1))


def sha256(number: int) -> str:
    """A digest that belongs to no file."""
    return f"{number:064x}"


def file_part(number: int, index: int = 0) -> Part:
    """A reported file."""
    digests = {"sha256": sha256(number), "sha1": None, "md5": None, "size_bytes": 10}
    return part(f"files/{index}/digests", digests)


def a_source(**changes: object) -> ReceivedReferral:
    """A referral received by the root unit under a memorandum."""
    values: dict[str, object] = {
        "referral_id": SystemIds().new(),
        "origin": Origin.PROVIDER_TIP,
        "purpose": Purpose.INVESTIGATION,
        "channel": "hsi-knpa-mou",
        "basis": "ab" * 32,
        "sender": "us.hsi",
        "unit_id": 1,
        "restricted": False,
        "members": (),
        "name_withheld": False,
        "steps": (),
        "first_sent_at": datetime(2014, 1, 12, tzinfo=UTC),
        "sent_at": datetime(2014, 1, 18, tzinfo=UTC),
        "received_at": RECEIVED,
    }
    return ReceivedReferral(**(values | changes))  # type: ignore[arg-type]


def taken(node: Node, given: list[Part], **changes: object) -> Taken:
    """A referral taken into its case by the worker."""
    with open_work(node, WORKER) as work:
        return take(work, a_source(**changes), given)
