"""Catalogues of refusals held against what the program says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue
from tools.refusals import rule
from tools.refusals.fields import page_fields
from tools.refusals.flow import Flow
from tools.refusals.program import read_program
from tools.refusals.sentences import FIELD, SENTENCE, VALUE, Said, Sentences
from tools.refusals.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A text that needs words in other languages; `skeleton` is the same without gaps' names."""

    skeleton: str
    context: str
    room: str
    message: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a room's catalogue."""

    said: str
    translated: str
    context: str
    room: str


def needed_texts(top: Path) -> list[Needed]:
    """Every text that a page's refusal may say, once for each room that says it.

    Errors: AssertionError for a refusal whose words can't be told from the program.
    """
    program = read_program(top / "src", rule.PACKAGE, without=rule.WITHOUT)
    reached = program.reached(rule.is_entry)
    sentences = Sentences(
        texts=Texts(flow=Flow(program=program, reached=reached)), speakers=rule.SPEAKERS
    )
    found = {
        (each.room, each.context, each.skeleton): each
        for each in (*map(_needed, sentences.said), *_of_the_framework())
        if not rule.is_elsewhere(module := each.place.partition(":")[0])
        and not (each.context == VALUE and rule.is_the_same(module, each.message))
    }
    unknown = [each for each in sentences.unknown if not rule.is_elsewhere(each.partition(":")[0])]
    assert not unknown, unknown
    return [found[key] for key in sorted(found)]


def read_entries(top: Path, language: str) -> list[Entry]:
    """Every entry of every catalogue of refusals."""
    home = top / "src" / rule.PACKAGE
    return [
        each
        for path in sorted(home.rglob(f"locale/{rule.CATALOGUE.format(language=language)}"))
        for each in _entries(path, path.parents[1].relative_to(home).as_posix())
    ]


def findings(top: Path, needed: Iterable[Needed], language: str) -> list[str]:
    """What the catalogues lack, and what they hold that nothing says."""
    entries, needed = read_entries(top, language), list(needed)
    terms = catalogue(Language(language))
    held = {(each.room, each.context, skeleton(each.said)) for each in entries}
    words = {(context, text) for _, context, text in held if context != SENTENCE}
    missing = [
        _as_entry(each, rule.catalogue_of(Path(), each.room, language))
        for each in needed
        if (each.room, each.context, each.skeleton) not in held
        and (each.context, each.skeleton) not in words
        and not (each.context == VALUE and (FIELD, each.skeleton) in words)
        and not (each.context == VALUE and terms.has(each.message, each.room.rpartition("/")[2]))
    ]
    return missing + [
        f"{rule.catalogue_of(Path(), each.room, language)}: nothing says {each.said!r}"
        for each in _idle(entries, needed)
    ]


def _idle(entries: list[Entry], needed: list[Needed]) -> Iterator[Entry]:
    """Entries that nothing says; a word may stand in one room for all that say it."""
    wanted = {(each.room, each.context, each.skeleton) for each in needed}
    words = {(context, text) for _, context, text in wanted if context != SENTENCE}
    words |= {(FIELD, text) for context, text in words if context == VALUE}
    for each in entries:
        text = skeleton(each.said)
        if (each.room, each.context, text) not in wanted and (each.context, text) not in words:
            yield each


def skeleton(message: str) -> str:
    """A message without the names of its gaps: those are the translator's to choose."""
    return "".join(
        before.replace("{", "{{").replace("}", "}}") + ("" if name is None else "{}")
        for before, name, _, _ in Formatter().parse(message)
    )


def _needed(said: Said) -> Needed:
    return Needed(
        skeleton=skeleton(said.message),
        context=said.context,
        room=rule.room_of(said.module),
        message=said.message,
        place=f"{said.module}:{said.line}",
    )


def _of_the_framework() -> Iterator[Needed]:
    said = [(SENTENCE, each) for each in rule.of_the_framework()]
    said += [(VALUE, each) for each in (*rule.DAY_FAULTS, *rule.kinds_of_the_framework())]
    said += [(FIELD, name) for name, _ in page_fields()]
    for context, message in said:
        yield Needed(
            skeleton=skeleton(message),
            context=context,
            room="web",
            message=message,
            place="tipbridge.web.errors:0",
        )


def _as_entry(needed: Needed, path: Path) -> str:
    context = f'msgctxt "{needed.context}"\n' if needed.context else ""
    text = needed.message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{path}: of {needed.place}\n{context}msgid "{text}"\nmsgstr ""\n'


def _entries(path: Path, room: str) -> Iterator[Entry]:
    with path.open("rb") as file:
        for message in read_po(file):
            if message.id:
                yield Entry(
                    said=str(message.id),
                    translated=str(message.string),
                    context=message.context or "",
                    room=room,
                )
