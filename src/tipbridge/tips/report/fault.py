"""A rule that a document breaks, and the element it is about."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tipbridge.tips.report.tree import Element


@dataclass(frozen=True, slots=True)
class Fault:
    """What a document breaks; `rule` is a name in `strictness.RULES`."""

    element: Element = field(repr=False)
    rule: str
    text: str

    @property
    def told(self) -> str:
        """The fault as a refusal says it, its rule first."""
        return f"{self.rule}: {self.text}"


Faults = Iterator[Fault]
