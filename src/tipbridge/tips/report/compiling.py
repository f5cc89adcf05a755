"""Compiling XML schemas: one at a time in a process."""

from threading import Lock

from lxml import etree

from tipbridge.tips.report.nodes import XmlNode

_alone = Lock()


def compiled(schema: XmlNode) -> etree.XMLSchema:
    """The validator of a schema.

    libxml2 fills its table of built-in types at a process's first schema and does not guard it: two
    first ones at once leave it broken, and every later schema is refused until the process ends.

    Errors: etree.XMLSchemaParseError when it is no schema.
    """
    with _alone:
        return etree.XMLSchema(schema)
