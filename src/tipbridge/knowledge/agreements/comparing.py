"""Two agreements side by side: what each says of the same thing, and where they differ. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from tipbridge.knowledge.agreements import checking
from tipbridge.knowledge.agreements.checking import Line
from tipbridge.knowledge.agreements.model import Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that either says something of; `about` is its class or path, or its form."""

    about: str
    first: Line | None
    other: Line | None

    @property
    def differs(self) -> bool:
        """Whether they do not say the same."""
        return self.first != self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What two agreements say: of each class of data, at paths, and in sentences."""

    classes: tuple[Row, ...]
    paths: tuple[Row, ...]
    sentences: tuple[Row, ...]


def compared(first: Agreement, other: Agreement) -> Compared:
    """Both side by side; what only one of them says stands alone in its row."""
    mine, theirs = first.terms, other.terms
    paths = sorted({*mine.clauses.paths, *theirs.clauses.paths})
    return Compared(
        classes=tuple(
            Row(
                about=each.value,
                first=checking.rule_line(mine.rules.get(each)),
                other=checking.rule_line(theirs.rules.get(each)),
            )
            for each in checking.CLASSES
        ),
        paths=tuple(
            Row(about=each, first=_path(first, each), other=_path(other, each)) for each in paths
        ),
        sentences=_sentences(first, other),
    )


def _path(agreement: Agreement, pattern: str) -> Line | None:
    rule = agreement.terms.clauses.paths.get(pattern)
    return None if rule is None else checking.rule_line(rule)


def _sentences(first: Agreement, other: Agreement) -> tuple[Row, ...]:
    mine, theirs = _by_form(first), _by_form(other)
    forms = dict.fromkeys((*mine, *theirs))
    return tuple(Row(about=form, first=mine.get(form), other=theirs.get(form)) for form in forms)


def _by_form(agreement: Agreement) -> dict[str, Line]:
    said: Iterable[Line] = (*checking.opening(agreement), *checking.closing(agreement))
    return {line.form: line for line in said}
