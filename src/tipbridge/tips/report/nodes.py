"""lxml's types under names that are ours: it publishes none."""

from lxml import etree

XmlNode = etree._Element  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see above
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
"""Before the names of attributes that speak to the validator, not of the report."""
