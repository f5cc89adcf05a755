"""The reader of refusals finds what a program may say, wherever it is made, and nothing else."""

import ast
from pathlib import Path

import pytest

from tools.refusals import rule
from tools.refusals.flow import Flow
from tools.refusals.program import Program, read_program
from tools.refusals.sentences import FAMILY, NO_NOUN, NOUN, SENTENCE, VALUE, Sentences
from tools.refusals.texts import Texts

ERRORS = """
class TipbridgeError(Exception):
    def __init__(self, public, **detail):
        super().__init__(public)

class Invalid(TipbridgeError):
    pass

class NotFound(TipbridgeError):
    def __init__(self, noun, id_):
        super().__init__(f"No {noun} {id_}.", noun=noun)
"""
HEAD = "from tipbridge.foundation.base.errors import Invalid, NotFound\n"


def found(rules: str, page: str = "", *, speakers: dict | None = None) -> set[tuple[str, str]]:
    """What a page that uses `rules` may refuse with, as context and message."""
    base, _ = FAMILY
    program = Program(
        modules={
            base: ast.parse(ERRORS),
            "a.rules": ast.parse(HEAD + rules),
            "a.pages": ast.parse(f"from a import rules\n{page or 'def show(): rules.check()'}"),
        }
    )
    reached = program.reached(lambda module: module == "a.pages")
    texts = Texts(flow=Flow(program=program, reached=reached))
    made = Sentences(texts=texts, speakers=speakers or {})
    said = {(each.context, each.message) for each in made.said if each.module != base}
    assert made.unknown == []
    return said


def sentences(rules: str) -> set[str]:
    return {message for context, message in found(rules) if context == SENTENCE}


def test_what_a_page_reaches_is_found_and_what_it_does_not_is_left_out() -> None:
    rules = """
def check():
    _inner()

def _inner():
    raise Invalid("Reached.")

def other():
    raise Invalid("Not reached.")
"""
    assert sentences(rules) == {"Reached."}


def test_values_become_gaps_and_constants_of_words_part_of_the_sentence() -> None:
    rules = """
MOST = 8
FORM = "Write it as a day."

def check(name, found):
    raise Invalid(f"{name} has {MOST} at most, not {', '.join(found)}; {{x}}. {FORM}")
"""
    assert sentences(rules) == {"{name} has {most} at most, not {found}; {{x}}. Write it as a day."}


def test_a_reason_that_a_rule_returns_is_a_sentence_wherever_it_is_raised() -> None:
    rules = """
def against(case):
    if case:
        return "It is closed."
    return None if case is None else f"It is {case}."

def check(case):
    why = against(case)
    if why is not None:
        raise Invalid(why)
"""
    assert sentences(rules) == {"It is closed.", "It is {case}."}


def test_words_that_callers_give_are_values_of_the_gap() -> None:
    rules = """
def text(name, value):
    if not value:
        raise Invalid(f"{name} is empty.")

def check(value):
    text("the title", value)
    for name in ("the note", "the day"):
        text(name, value)
"""
    assert found(rules) == {
        (SENTENCE, "{name} is empty."),
        (VALUE, "the title"),
        (VALUE, "the note"),
        (VALUE, "the day"),
    }


def test_what_is_missing_of_a_table_is_found_in_the_table() -> None:
    rules = """
def check(record):
    asked = (("whether it was told", record.told), *more(record))
    missing = [what for what, is_said in asked if not is_said]
    raise Invalid(f"Record first: {'; '.join(missing)}.")

def more(record):
    yield "a talk", record.talk
    yield from ()
"""
    assert found(rules) == {
        (SENTENCE, "Record first: {missing}."),
        (VALUE, "whether it was told"),
        (VALUE, "a talk"),
    }


def test_a_field_of_a_value_holds_what_is_given_where_the_value_is_made() -> None:
    rules = """
class Standing:
    told: tuple

def standing():
    return Standing(told=(*(f"a demand to {each}" for each in range(2)),))

def check(now: Standing):
    standing()
    raise Invalid(f"Others know: {'; '.join(now.told)}.")
"""
    assert (VALUE, "a demand to {each}") in found(rules)


def test_nouns_and_the_words_of_a_refusals_own_class_are_found() -> None:
    rules = """
class Taken(Invalid):
    def __init__(self, mark):
        super().__init__(f"The mark {mark} is taken.")

class Gone(NotFound):
    pass

def check(mark):
    if mark:
        raise Taken(mark)
    if mark is None:
        raise Gone("member of staff", mark)
    raise NotFound(f"version of {mark}", "1")
"""
    assert found(rules) == {
        (SENTENCE, "The mark {mark} is taken."),
        (NOUN, "member of staff"),
        (NOUN, "version of {mark}"),
    }


def test_the_sentence_of_what_is_not_there_is_found_once_with_its_noun_as_a_gap() -> None:
    base, _ = NO_NOUN
    program = Program(modules={base: ast.parse(ERRORS)})
    texts = Texts(flow=Flow(program=program, reached=program.reached(lambda _: True)))
    said = Sentences(texts=texts, speakers={}).said
    assert [each.message for each in said] == ["No {noun} {id}."]


def test_a_function_of_the_shell_may_say_a_sentence_too() -> None:
    rules = """
def tell(request, words):
    pass

def check():
    tell(None, "From another site.")
"""
    said = found(rules, speakers={("a.rules", "tell"): 1})
    assert said == {(SENTENCE, "From another site.")}


def test_a_sentence_that_can_not_be_told_is_an_error_and_no_silence() -> None:
    rules = "def check(it):\n    raise Invalid(it.words())\n"
    with pytest.raises(AssertionError, match=r"it\.words"):
        found(rules)


def test_commands_programs_and_the_wire_are_left_out_by_rule() -> None:
    assert rule.is_entry("tipbridge.police.cases.pages")
    assert rule.is_entry("tipbridge.police.evidence.category_pages")
    assert not rule.is_entry("tipbridge.police.cases.commands")
    assert rule.is_elsewhere("tipbridge.sharing.exchange.statement")
    assert not rule.is_elsewhere("tipbridge.sharing.exchange.actions")


def test_every_module_that_is_left_out_by_name_is_there() -> None:
    source = Path(__file__).parents[2] / "src"
    modules = read_program(source, rule.PACKAGE, without=rule.WITHOUT).modules
    for name in (*rule.ELSEWHERE, *rule.KEYS):
        whole = f"{rule.PACKAGE}.{name}"
        assert any(each == whole or each.startswith(f"{whole}.") for each in modules), name


def test_the_words_of_a_closed_list_are_values_where_they_are_listed() -> None:
    rules = """
from enum import StrEnum

class Aim(StrEnum):
    COURT = "court"
    DEFENCE = "defence"

SOME = tuple(each for each in Aim if each)

def check(aim):
    raise Invalid(f"The aim is one of: {', '.join(SOME)}, such as {Aim.COURT}.")
"""
    assert found(rules) == {
        (SENTENCE, "The aim is one of: {some}, such as {court}."),
        (VALUE, "court"),
        (VALUE, "defence"),
    }
