"""What refusals are in another language: how a sentence is found again in what a room said."""

from tipbridge.web.language import Catalogue, Language
from tipbridge.web.messages import FIELD, NOUN, SENTENCE, VALUE, Message
from tipbridge.web.refusals import Refusals
from tipbridge.web.shell import catalogue, messages

KOREAN = Refusals(messages=messages(Language.KOREAN), terms=catalogue(Language.KOREAN))


def room(*said: tuple[str, str, str], name: str = "cases") -> tuple[Message, ...]:
    """A room's messages: context, English, Korean."""
    return tuple(
        Message(context=context, said=english, translated=korean, room=name)
        for context, english, korean in said
    )


def refusals(*given: tuple[Message, ...], **phrases: str) -> Refusals:
    """Refusals over the messages of rooms, and words of pages that say some states."""
    terms = Catalogue(
        rooms={"cases": {"open": "수사 중"}, "removals": {"open": "대기"}},
        texts={"open": "대기", "closed": "종결"},
    )
    return Refusals(messages=tuple(m for each in given for m in each), terms=terms, phrases=phrases)


def test_a_sentence_without_gaps_is_said_and_an_unknown_one_stays_as_it_is() -> None:
    made = refusals(room((SENTENCE, "It is done.", "이미 완료되었습니다.")))
    assert made.say("It is done.") == "이미 완료되었습니다."
    assert made.say("It is not known.") == "It is not known."


def test_values_in_gaps_are_words_of_the_room_and_what_was_typed_stays_plain() -> None:
    made = refusals(
        room((SENTENCE, "Case {number!s} is {state}.", "사건 상태: {state}. 사건: {number}."))
    )
    assert made.say("Case open is open.") == "사건 상태: 수사 중. 사건: open."
    assert made.say("Case 7 is closed.") == "사건 상태: 종결. 사건: 7."
    assert made.say("Case 7 is lost.") == "사건 상태: lost. 사건: 7."


def test_the_sentence_with_most_given_words_is_taken_before_a_shorter_one() -> None:
    made = refusals(
        room(
            (SENTENCE, "{name!s} has {most} characters.", "{name}: {most}자."),
            (SENTENCE, "A note has {most} characters.", "메모: {most}자."),
        )
    )
    assert made.say("A note has 5 characters.") == "메모: 5자."
    assert made.say("A mark has 5 characters.") == "A mark: 5자."


def test_a_sentence_is_read_from_its_first_letter_to_its_last() -> None:
    made = refusals(room((SENTENCE, "No {thing!s} here.", "없음: {thing}.")))
    for other in ("No x here. And more.", "There is No x here.", "No  here", "No here."):
        assert made.say(other) == other


def test_few_given_words_fit_only_around_what_is_known() -> None:
    made = refusals(room((SENTENCE, "No {state}: {why}.", "불가({state}): {why}.")))
    assert made.say("No open: closed.") == "불가(수사 중): 종결."
    assert made.say("No kind 'x'; one of: closed.") == "No kind 'x'; one of: closed."


def test_a_refusal_within_a_refusal_is_said_too() -> None:
    made = refusals(
        room(
            (SENTENCE, "It can't be read: {why}.", "읽을 수 없습니다: {why}."),
            (SENTENCE, "The file {name!s} is gone.", "파일이 없습니다: {name}."),
        )
    )
    said = made.say("It can't be read: The file a is gone..")
    assert said == "읽을 수 없습니다: 파일이 없습니다: a.."


def test_nouns_of_several_words_are_known_as_a_whole() -> None:
    made = refusals(
        room((SENTENCE, "No {noun} {id!s}.", "찾을 수 없습니다. {noun}: {id}."), name="web"),
        room((NOUN, "case", "사건"), (NOUN, "member of staff", "직원")),
        room((NOUN, "version of the list {name!s}:", "목록 {name}의 버전"), name="hashes"),
    )
    assert made.say("No case 7.") == "찾을 수 없습니다. 사건: 7."
    assert made.say("No member of staff kim.") == "찾을 수 없습니다. 직원: kim."
    assert made.say("No version of the list a: 3.") == "찾을 수 없습니다. 목록 a의 버전: 3."
    assert made.say("No case .") == "찾을 수 없습니다. 사건: ."
    assert made.say("No bird 7.") == "No bird 7."


def test_lists_and_ranges_in_a_gap_are_said_part_by_part() -> None:
    made = refusals(
        room(
            (SENTENCE, "It is one of: {words}.", "다음 가운데 하나: {words}."),
            (VALUE, "a talk with {whom}", "{whom} 면담"),
            (VALUE, "the child", "아동"),
            (VALUE, "that it was said, and by whom", "말한 사람"),
        )
    )
    assert made.say("It is one of: open, closed.") == "다음 가운데 하나: 수사 중, 종결."
    assert made.say("It is one of: 'open' or 'closed'.") == "다음 가운데 하나: 수사 중 또는 종결."
    assert made.say("It is one of: a talk with the child; x.") == "다음 가운데 하나: 아동 면담; x."
    by_whom = "It is one of: that it was said, and by whom; closed."
    assert made.say(by_whom) == "다음 가운데 하나: 말한 사람; 종결."
    assert made.say("It is one of: 10 to 13.") == "다음 가운데 하나: 10~13."


def test_gaps_that_touch_are_told_apart_by_how_the_second_begins() -> None:
    made = refusals(
        room(
            (SENTENCE, "Lines refused ({shown}{more}).", "거부({shown}{more})."),
            (VALUE, "line {line}", "{line}번 줄"),
            (VALUE, "; and {count} more", ", 그 밖에 {count}개"),
        )
    )
    assert (
        made.say("Lines refused (line 1; line 2; and 3 more).")
        == "거부(1번 줄; 2번 줄, 그 밖에 3개)."
    )
    assert made.say("Lines refused (line 1).") == "거부(1번 줄)."


def test_fields_are_said_by_their_labels_each_room_its_own() -> None:
    made = refusals(
        room((SENTENCE, "{field} is empty.", "{field}: 비어 있음."), name="web"),
        room((FIELD, "body", "결정 기관"), (FIELD, "note", "메모")),
        room((FIELD, "body", "본문"), name="removals"),
    )
    assert made.say("body is empty.", "removals") == "본문: 비어 있음."
    assert made.say("body is empty.", "cases") == "결정 기관: 비어 있음."
    assert made.say("note is empty.", "removals") == "메모: 비어 있음."
    assert made.say("other is empty.") == "other: 비어 있음."


def test_what_the_shell_says_is_said_in_the_words_of_the_room_that_was_asked() -> None:
    made = refusals(room((SENTENCE, "Input should be {words}", "가능: {words}"), name="web"))
    assert made.say("Input should be 'open'", "cases") == "가능: 수사 중"
    assert made.say("Input should be 'open'", "removals") == "가능: 대기"


def test_phrases_of_rooms_stand_in_gaps_with_codes_behind_them_or_alone() -> None:
    made = refusals(
        room(
            (SENTENCE, "Not allowed: {cited}.", "허용되지 않습니다. 근거: {cited}."),
            (VALUE, "Wrong on {day!s}: no more", "{day} 오인"),
        ),
        **{"Act, 9 (KR-9)": "형법 제9조 (KR-9)"},
    )
    assert made.say("Not allowed: Act, 9 (KR-9).") == "허용되지 않습니다. 근거: 형법 제9조 (KR-9)."
    assert (
        made.say("Not allowed: Wrong on May 1: no more (W).")
        == "허용되지 않습니다. 근거: May 1 오인 (W)."
    )
    assert made.say("Wrong on May 1: no more.") == "May 1 오인."


def test_a_very_long_sentence_and_one_full_of_separators_are_answered_at_once() -> None:
    for words in (
        "No case " + "a, b; " * 10_000 + ".",
        "This was " + "x, y or (z; " * 300 + " already.",
    ):
        assert KOREAN.say(words)


def test_english_says_codes_in_words_and_sentences_as_they_are() -> None:
    english = Refusals(terms=catalogue(Language.ENGLISH))
    assert english.word("not-found", "web") == "not found"
    assert english.say("No case not-found.") == "No case not-found."
