"""A bulletin as plain text for a terminal or a press room, in the reader's language; pure."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from unicodedata import east_asian_width

from tipbridge.bulletin.leaks import OTHERS
from tipbridge.bulletin.model import (
    Bulletin,
    Dimension,
    Items,
    LawCount,
    LeakFigure,
    Span,
    Table,
    View,
)
from tipbridge.bulletin.vocabulary import DIMENSIONS, TABLE_TITLES, word_of
from tipbridge.bulletin.wording import (
    HIDDEN,
    HIDDEN_SIGN,
    LEAKS_HEAD,
    LEAKS_TITLE,
    NOTES,
    OLD_WORDS,
    STEPS,
    UNITS,
    WITHHELD,
)

Words = Callable[[str], str]

_GAP = "  "
_NOTHING = "–"


def write_text(bulletin: Bulletin, words: Words) -> str:
    """The bulletin as text with a final newline; the same bytes for the same figures."""
    parts = [
        _head(bulletin, words),
        *(_table(table, words) for table in bulletin.tables),
        _spans(bulletin.spans, words),
        _items(bulletin.items, words),
        _leaks(bulletin.leaks, words),
        _foot(bulletin, words),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(bulletin: Bulletin, words: Words) -> list[str]:
    lines = [f"{words('Bulletin')} · {bulletin.node_name}"]
    if bulletin.synthetic:
        lines.append(words("SYNTHETIC DATA: no person or case here is real."))
    views = {View.PUBLIC: "public view", View.FULL: "full view, not for publication"}
    period, zone = bulletin.period, bulletin.definitions.time_zone
    lines += [
        f"{words('Period')}: {period.from_on} – {period.to_on} ({zone})",
        f"{words('As of')}: {bulletin.as_of:%Y-%m-%d %H:%M} UTC",
        f"{words('View')}: {words(views[bulletin.view])}",
        f"{words('People')}: {_count(bulletin.people)}",
    ]
    return lines


def _table(table: Table, words: Words) -> list[str]:
    title = words(TABLE_TITLES[table.name])
    if table.withheld:
        return [title, f"{_GAP}{words(WITHHELD)}"]
    head = [words(DIMENSIONS[dimension]) for dimension in table.dimensions]
    rows = [
        [
            *(
                words(word_of(dimension, value))
                for dimension, value in zip(table.dimensions, cell.values, strict=True)
            ),
            _count(cell.count),
            "" if cell.share is None else f"{cell.share}%",
        ]
        for cell in table.cells
    ]
    return [title, *_columns([[*head, words("People"), "%"], *rows], len(head))]


def _spans(spans: Sequence[Span], words: Words) -> list[str]:
    if not spans:
        return []
    head = [words(text) for text in ("Origin", "Channel", "From", "To", "People", "Median days")]
    rows = [
        [
            words(word_of(Dimension.ORIGIN, span.origin)),
            words(word_of(Dimension.CHANNEL, span.channel)),
            words(STEPS[span.from_step]),
            words(STEPS[span.to_step]),
            _count(span.people),
            _decimal(span.median_days),
        ]
        for span in spans
    ]
    return [words("Days between steps"), *_columns([head, *rows], 4)]


def _items(items: Items, words: Words) -> list[str]:
    rows = [
        [words("Cases"), _count(items.cases)],
        [words("Items"), _count(items.total)],
        [words("Median per case"), _decimal(items.median_per_case)],
        [words("Largest case"), _count(items.largest_case)],
    ]
    if items.cases == 0:  # there is nothing to hide
        rows = [[name, _NOTHING if count == HIDDEN_SIGN else count] for name, count in rows]
    return [words("Items"), *_columns(rows, 1)]


def _leaks(leaks: Sequence[LeakFigure], words: Words) -> list[str]:
    if not leaks:
        return []
    rows = [
        [
            words(OTHERS) if figure.host == OTHERS else figure.host.replace(".", "[.]"),
            _count(figure.places),
            *(HIDDEN_SIGN if value is None else f"{value}%" for value in figure.still_up),
            _count(figure.reappeared),
            _count(figure.noted_elsewhere) if figure.counts_elsewhere else _NOTHING,
        ]
        for figure in leaks
    ]
    head = [words(text) for text in LEAKS_HEAD]
    return [words(LEAKS_TITLE), *_columns([head, *rows], 1)]


def _foot(bulletin: Bulletin, words: Words) -> list[str]:
    lines = [words("What is counted")]
    lines += [f"{_GAP}{words(text)}" for text in UNITS.values()]
    lines += [f"{_GAP}{words(text)}" for text in NOTES]
    if bulletin.view is View.PUBLIC:
        hidden = words(HIDDEN).format(floor=bulletin.definitions.small_cell, sign=HIDDEN_SIGN)
        lines.append(f"{_GAP}{hidden}")
    for term, press, difference in OLD_WORDS:
        lines.append(
            f'{_GAP}{words(term)} ({words("in the press:")} "{press}"): {words(difference)}'
        )
    lines.append(
        f"{_GAP}{words('Definitions')}: {bulletin.definitions.version};"
        f" {words(bulletin.definitions.citation)}"
    )
    if bulletin.laws:
        laws = ", ".join(_law(each) for each in bulletin.laws)
        lines.append(f"{_GAP}{words('Law of the decisions')}: {laws}")
    return lines


def _law(each: LawCount) -> str:
    return each.law if each.people is None else f"{each.law} ({_count(each.people)})"


def _count(count: int | None) -> str:
    return HIDDEN_SIGN if count is None else f"{count:,}"


def _decimal(value: Decimal | None) -> str:
    return HIDDEN_SIGN if value is None else f"{value:,}"


def _columns(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Rows as columns: the first `left` to the left, the others (numbers) to the right."""
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        _GAP
        + _GAP.join(
            _pad(text, widths[place], right=place >= left) for place, text in enumerate(row)
        ).rstrip()
        for row in rows
    ]


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    """Columns on a terminal: Korean letters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
