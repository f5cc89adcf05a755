"""lxml's types under names that are ours: it publishes none."""

from lxml import etree

XmlNode = etree._Element  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see above
XmlComplaint = etree._LogEntry  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see above
