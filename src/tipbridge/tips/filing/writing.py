"""From builders to documents: elements in the schema's order, because fields stand in it."""

import dataclasses
import re
from datetime import date, datetime
from typing import Any, cast

from lxml import etree

from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.filing.documents import FileDetails, Report
from tipbridge.tips.report.model import Moment
from tipbridge.tips.report.nodes import XmlNode

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Not a character of XML 1.0 (section 2.2)."""


def report_bytes(report: Report) -> bytes:
    """The `<report>` document.

    Errors: Invalid for a time without offset or a character that XML can't carry.
    """
    return _document("report", report)


def file_details_bytes(details: FileDetails) -> bytes:
    """The `<fileDetails>` document.

    Errors: Invalid for a time without offset or a character that XML can't carry.
    """
    return _document("fileDetails", details)


def xml_name(field: "dataclasses.Field[Any]") -> str:
    """The element or attribute that a builder's field stands for."""
    given = field.metadata.get("name")
    if given is not None:
        return str(given)
    first, *rest = field.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _document(name: str, value: object) -> bytes:
    root = etree.Element(name, _attributes(value))
    _fill(root, value)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _attributes(value: object) -> dict[str, str]:
    return {
        xml_name(field): _text(field.name, getattr(value, field.name))
        for field in dataclasses.fields(cast("Any", value))
        if field.metadata.get("as") == "attribute" and getattr(value, field.name) is not None
    }


def _fill(node: XmlNode, value: object) -> None:
    for field in dataclasses.fields(cast("Any", value)):
        given = getattr(value, field.name)
        kind = field.metadata.get("as")
        if given is None or kind == "attribute":
            continue
        if kind == "content":
            node.text = _text(field.name, given)
            continue
        for each in cast("tuple[Any, ...]", given if isinstance(given, tuple) else (given,)):
            if kind == "inside":
                outer = etree.SubElement(node, str(field.metadata["element"]))
                _put(outer, each.ELEMENT, field.name, each)
            else:
                _put(node, xml_name(field), field.name, each)


def _put(parent: XmlNode, element: str, name: str, value: object) -> None:
    if dataclasses.is_dataclass(value) and not isinstance(value, Moment):
        _fill(etree.SubElement(parent, element, _attributes(value)), value)
    else:
        etree.SubElement(parent, element).text = _text(name, value)


def _text(name: str, value: object) -> str:
    text = _plain(name, value)
    if _UNFIT.search(text):
        raise Invalid(f"{name!r} holds a character that XML can't carry.")
    return text


def _plain(name: str, value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Moment():
            return value.as_sent
        case datetime():
            if value.tzinfo is None:
                raise Invalid(f"{name!r} has no offset; give an aware time, such as one in UTC.")
            return value.isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)
