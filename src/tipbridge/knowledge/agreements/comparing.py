"""Two agreements side by side: what each says of the same thing, and where they differ. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tipbridge.knowledge.agreements import checking
from tipbridge.knowledge.agreements.checking import Line
from tipbridge.knowledge.agreements.decisions import PartDecision, ReleaseDecision
from tipbridge.knowledge.agreements.model import Agreement, DataClass, FieldRule, Form, Verdict

_WIDTH = (Verdict.WITHHOLD, Verdict.ON_REQUEST, Verdict.HASH, Verdict.GENERALISE, Verdict.ALLOW)


class Change(StrEnum):
    """Whether the other one lets out more or less than the first. Closed."""

    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that either says something of; `about` is its class or path, or its form.

    Shape: `change` is None for a sentence, and where both let out as much.
    """

    about: str
    first: Line | None
    other: Line | None
    change: Change | None = None

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One part of a tip under either; None where that one makes no such part (a keyed form).

    Shape: `first_when_asked` and `other_when_asked`: it stays, and leaves once the receiver asks for it.
    """

    label: str
    data_class: DataClass
    first: PartDecision | None
    other: PartDecision | None
    first_when_asked: bool = False
    other_when_asked: bool = False

    @property
    def change(self) -> Change | None:
        """Whether it leaves under one of them alone."""
        before, after = (each is not None and each.released for each in (self.first, self.other))
        return None if before is after else Change.MORE if after else Change.LESS


def fates(
    first: ReleaseDecision,
    other: ReleaseDecision,
    when_asked: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
) -> tuple[Fate, ...]:
    """What becomes of each part of one tip under either, in order of label.

    Shape: `when_asked` are the labels of those that leave under each only when they are asked for.
    """
    of_first, of_other = when_asked
    mine = {part.label: part for part in first.parts}
    theirs = {part.label: part for part in other.parts}
    return tuple(
        Fate(
            label=label,
            data_class=part.data_class,
            first=mine.get(label),
            other=theirs.get(label),
            first_when_asked=label in of_first,
            other_when_asked=label in of_other,
        )
        for label, part in sorted((mine | theirs).items())
    )


def differences(earlier: Agreement, later: Agreement) -> tuple[str, ...]:
    """Where a later version says something else, one line each: what it was, and what it would be."""
    found = compared(earlier, later)
    rules = (f"{row.about}: {_turn(row)}" for row in (*found.classes, *found.paths) if row.differs)
    return (*rules, *(_turn(row) for row in found.sentences if row.differs))


def _turn(row: Row) -> str:
    said = f"{row.first or '-'} => {row.other or '-'}"
    return said if row.change is None else f"{said} [{row.change}]"


def compared(first: Agreement, other: Agreement) -> Compared:
    """Both side by side; what only one of them says stands alone in its row."""
    mine, theirs = first.terms, other.terms
    paths = sorted({*mine.clauses.paths, *theirs.clauses.paths})
    return Compared(
        classes=tuple(
            Row(
                about=each.value,
                first=checking.rule_line(mine.rules.get(each), mine.clauses.mode.extent),
                other=checking.rule_line(theirs.rules.get(each), theirs.clauses.mode.extent),
                change=_change(mine.rules.get(each), theirs.rules.get(each), Verdict.WITHHOLD),
            )
            for each in checking.CLASSES
        ),
        paths=tuple(
            Row(
                about=each,
                first=_path(first, each),
                other=_path(other, each),
                change=_change(
                    mine.clauses.paths.get(each), theirs.clauses.paths.get(each), Verdict.ALLOW
                ),
            )
            for each in paths
        ),
        sentences=_sentences(first, other),
    )


def _change(first: FieldRule | None, other: FieldRule | None, unsaid: Verdict) -> Change | None:
    """By their rules alone, without what minors' clauses and paths hold back besides."""
    before, after = _width(first, unsaid), _width(other, unsaid)
    return None if before == after else Change.MORE if before < after else Change.LESS


def _width(rule: FieldRule | None, unsaid: Verdict) -> tuple[int, int]:
    """How much a rule lets out, to be compared; a coarser form is less."""
    if rule is None:
        return _WIDTH.index(unsaid), 0
    return _WIDTH.index(rule.verdict), -list(Form).index(rule.form) if rule.form else 0


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
