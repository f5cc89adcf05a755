"""A bulletin as JSON: codes for programs, labels for readers, the same bytes each time; pure."""

import json
from collections.abc import Callable
from decimal import Decimal

from tipbridge.bulletin.leaks import HORIZON_HOURS
from tipbridge.bulletin.model import Bulletin, LeakFigure, Span, Table
from tipbridge.bulletin.vocabulary import DIMENSIONS, TABLE_TITLES, word_of
from tipbridge.bulletin.wording import LEAKS_TITLE, NOTES, OLD_WORDS, UNITS

Words = Callable[[str], str]


def write_json(bulletin: Bulletin, words: Words) -> str:
    """The bulletin as indented JSON with a final newline."""
    return json.dumps(describe(bulletin, words), ensure_ascii=False, indent=2) + "\n"


def describe(bulletin: Bulletin, words: Words) -> dict[str, object]:
    """The bulletin as JSON values: counts as numbers, hidden ones as null."""
    definitions = bulletin.definitions
    return {
        "node": bulletin.node_name,
        "synthetic": bulletin.synthetic,
        "view": bulletin.view.value,
        "period": {
            "from": bulletin.period.from_on.isoformat(),
            "to": bulletin.period.to_on.isoformat(),
        },
        "as_of": bulletin.as_of.isoformat(),
        "definitions": {
            "version": definitions.version,
            "citation": words(definitions.citation),
            "time_zone": definitions.time_zone,
            "small_cell": definitions.small_cell,
            "laws": [{"law": each.law, "people": each.people} for each in bulletin.laws],
            "units": {name: words(text) for name, text in UNITS.items()},
        },
        "people": bulletin.people,
        "tables": {table.name: _table(table, words) for table in bulletin.tables},
        "days": [_span(span) for span in bulletin.spans],
        "items": {
            "cases": bulletin.items.cases,
            "total": bulletin.items.total,
            "median_per_case": _number(bulletin.items.median_per_case),
            "largest_case": bulletin.items.largest_case,
        },
        "leaks": {
            "title": words(LEAKS_TITLE),
            "unit": "places",
            "horizon_hours": list(HORIZON_HOURS),
            "hosts": [_leak(figure) for figure in bulletin.leaks],
        },
        "notes": [words(note) for note in NOTES],
        "wording": [
            {"term": words(term), "press": press, "difference": words(difference)}
            for term, press, difference in OLD_WORDS
        ],
    }


def _table(table: Table, words: Words) -> dict[str, object]:
    return {
        "title": words(TABLE_TITLES[table.name]),
        "unit": "people",
        "dimensions": [dimension.value for dimension in table.dimensions],
        "labels": [words(DIMENSIONS[dimension]) for dimension in table.dimensions],
        "withheld": table.withheld,
        "cells": [
            {
                "values": {
                    dimension.value: value
                    for dimension, value in zip(table.dimensions, cell.values, strict=True)
                },
                "labels": [
                    words(word_of(dimension, value))
                    for dimension, value in zip(table.dimensions, cell.values, strict=True)
                ],
                "people": cell.count,
                "share": _number(cell.share),
            }
            for cell in table.cells
        ],
    }


def _span(span: Span) -> dict[str, object]:
    return {
        "origin": span.origin,
        "channel": span.channel,
        "from": span.from_step.value,
        "to": span.to_step.value,
        "people": span.people,
        "median_days": _number(span.median_days),
    }


def _leak(figure: LeakFigure) -> dict[str, object]:
    return {
        "host": figure.host,
        "places": figure.places,
        "still_up": [_number(value) for value in figure.still_up],
        "reappeared": figure.reappeared,
        **({"noted_elsewhere": figure.noted_elsewhere} if figure.counts_elsewhere else {}),
        "curve": [
            {"hours": point.hours, "still_up": _number(point.still_up)} for point in figure.curve
        ],
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
