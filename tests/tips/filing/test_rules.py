"""Every answer to every call, and where the filing goes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.tips.filing import rules, trying
from tipbridge.tips.filing.model import (
    Answer,
    Ending,
    FilingFile,
    FilingState,
    Reason,
    Standing,
    Task,
    Then,
    Verb,
)
from tipbridge.tips.filing.preservation import periods, preserved_until

SEALED = Sealed(key_id="k", file_id="f", wrapped_key=b"", size_bytes=1)
FILE = FilingFile(position=0, sealed=SEALED, digests=digest_bytes(b"x"), details=SEALED)
STANDING = Standing(
    id="1",
    state=FilingState.SENDING,
    url="https://clearing.example/ispws",
    sandbox=False,
    key_id="k",
    document=SEALED,
    batched=False,
    round=1,
    report_id="900",
    task=None,
    misses=0,
    due_at=None,
    finish_open=False,
    open_try=1,
    files=(FILE, replace(FILE, position=1, details=None)),
)
LOST_FINISH = replace(STANDING, finish_open=True)
BATCHED = replace(STANDING, batched=True)
SENDING, FILED, UNCERTAIN, REFUSED = (
    FilingState.SENDING,
    FilingState.FILED,
    FilingState.UNCERTAIN,
    FilingState.REFUSED,
)
SUBMIT, UPLOAD, DESCRIBE, FINISH = (
    Task(verb=Verb.SUBMIT),
    Task(verb=Verb.UPLOAD),
    Task(verb=Verb.DESCRIBE),
    Task(verb=Verb.FINISH),
)
ANEW, REFUSE, ASK = (Task(verb=Verb.RETRACT, then=then) for then in Then)
AGAIN = "again"
CODES = (2001, 3100, 3300, 3999, 4100, 4110, 4200, 5001, 5002, 5101, 5102)


def said(code: int, **more: object) -> Answer:
    return Answer(code=code, **more)


UPLOADED = said(0, report_id="900", files=("aa",), md5=FILE.digests.md5)

OTHER_KIND = replace(said(0, report_id="900"), another_kind=True)
MOVES = [
    # what was called, what came, where it goes, why, the next call (AGAIN: the same, later)
    (STANDING, SUBMIT, None, SENDING, Reason.NO_ANSWER, AGAIN),
    (STANDING, SUBMIT, said(1000), SENDING, Reason.NO_ANSWER, AGAIN),
    (STANDING, SUBMIT, said(1100), SENDING, Reason.NO_ANSWER, AGAIN),
    (STANDING, SUBMIT, said(0, report_id="900"), SENDING, Reason.GOING_ON, UPLOAD),
    (replace(STANDING, files=()), SUBMIT, said(0, report_id="9"), SENDING, Reason.GOING_ON, FINISH),
    (STANDING, SUBMIT, said(4100), REFUSED, Reason.DOCUMENT_REFUSED, SUBMIT),
    (STANDING, SUBMIT, said(2000), REFUSED, Reason.CREDENTIAL_REFUSED, SUBMIT),
    (STANDING, SUBMIT, said(3100), REFUSED, Reason.CREDENTIAL_REFUSED, SUBMIT),
    (STANDING, SUBMIT, said(1210), REFUSED, Reason.WRONG_ADDRESS, SUBMIT),
    (STANDING, UPLOAD, None, SENDING, Reason.NO_ANSWER, AGAIN),
    (BATCHED, UPLOAD, None, SENDING, Reason.BATCH_FILE_DOUBLED, ANEW),
    (STANDING, UPLOAD, UPLOADED, SENDING, Reason.GOING_ON, DESCRIBE),
    (STANDING, Task(verb=Verb.UPLOAD, position=1), UPLOADED, SENDING, Reason.GOING_ON, FINISH),
    (STANDING, UPLOAD, replace(UPLOADED, md5="0" * 32), SENDING, Reason.DAMAGED_ON_THE_WAY, ANEW),
    (STANDING, UPLOAD, said(5001), SENDING, Reason.EXPIRED_THERE, SUBMIT),
    (STANDING, UPLOAD, said(5101), SENDING, Reason.EXPIRED_THERE, SUBMIT),
    (STANDING, UPLOAD, said(5102), UNCERTAIN, Reason.FINISHED_BY_SOMEBODY, None),
    (STANDING, UPLOAD, said(4200), SENDING, Reason.FILE_REFUSED, REFUSE),
    (STANDING, DESCRIBE, None, SENDING, Reason.NO_ANSWER, AGAIN),
    (STANDING, DESCRIBE, said(0), SENDING, Reason.GOING_ON, Task(verb=Verb.UPLOAD, position=1)),
    (STANDING, DESCRIBE, said(5002), SENDING, Reason.DAMAGED_ON_THE_WAY, ANEW),
    (STANDING, DESCRIBE, said(5101), SENDING, Reason.EXPIRED_THERE, SUBMIT),
    (STANDING, DESCRIBE, said(4100), SENDING, Reason.DETAILS_REFUSED, REFUSE),
    (STANDING, FINISH, None, SENDING, Reason.NO_ANSWER, AGAIN),
    (STANDING, FINISH, said(0), FILED, Reason.FINISHED, None),
    (STANDING, FINISH, said(5102), FILED, Reason.FOUND_FINISHED, None),
    (LOST_FINISH, FINISH, said(5102), FILED, Reason.FOUND_FINISHED, None),
    (LOST_FINISH, FINISH, said(0), FILED, Reason.FINISHED, None),
    # expired before any finish was sent: surely not filed
    (STANDING, FINISH, said(5001), SENDING, Reason.EXPIRED_THERE, SUBMIT),
    (STANDING, FINISH, said(5101), SENDING, Reason.EXPIRED_THERE, SUBMIT),
    # gone after a finish whose answer was lost: a person must look
    (LOST_FINISH, FINISH, said(5001), UNCERTAIN, Reason.GONE_AFTER_LOST_FINISH, None),
    (LOST_FINISH, FINISH, said(5101), UNCERTAIN, Reason.GONE_AFTER_LOST_FINISH, None),
    (LOST_FINISH, FINISH, said(2000), UNCERTAIN, Reason.REFUSED_AFTER_LOST_FINISH, None),
    (LOST_FINISH, FINISH, said(3300), UNCERTAIN, Reason.REFUSED_AFTER_LOST_FINISH, None),
    (STANDING, FINISH, said(2000), REFUSED, Reason.CREDENTIAL_REFUSED, FINISH),
    (STANDING, FINISH, said(4100), SENDING, Reason.FINISH_REFUSED, REFUSE),
    (LOST_FINISH, FINISH, said(4100), SENDING, Reason.FINISH_REFUSED, REFUSE),
    (STANDING, ANEW, None, SENDING, Reason.NO_ANSWER, AGAIN),
    (STANDING, ANEW, said(0), SENDING, Reason.TAKEN_BACK, SUBMIT),
    (STANDING, ANEW, said(5101), SENDING, Reason.TAKEN_BACK, SUBMIT),
    (STANDING, ANEW, said(5102), UNCERTAIN, Reason.FINISHED_BY_SOMEBODY, None),
    # opened where it is taken for another kind of report: taken back and not filed
    (STANDING, SUBMIT, OTHER_KIND, SENDING, Reason.ANOTHER_KIND, REFUSE),
    (STANDING, REFUSE, said(0), REFUSED, None, SUBMIT),
    (STANDING, REFUSE, said(5001), REFUSED, None, SUBMIT),
    (LOST_FINISH, REFUSE, said(0), REFUSED, None, SUBMIT),
    (LOST_FINISH, REFUSE, said(5001), UNCERTAIN, Reason.GONE_AFTER_LOST_FINISH, None),
    (LOST_FINISH, REFUSE, said(4000), UNCERTAIN, Reason.GONE_AFTER_LOST_FINISH, None),
    (LOST_FINISH, REFUSE, said(5102), FILED, Reason.FOUND_FINISHED, None),
    (LOST_FINISH, ASK, None, SENDING, Reason.NO_ANSWER, AGAIN),
    (LOST_FINISH, ASK, said(0), SENDING, Reason.TAKEN_BACK, SUBMIT),
    (LOST_FINISH, ASK, said(5102), FILED, Reason.FOUND_FINISHED, None),
    (LOST_FINISH, ASK, said(5101), UNCERTAIN, Reason.GONE_AFTER_LOST_FINISH, None),
    (LOST_FINISH, ASK, said(2000), UNCERTAIN, Reason.CREDENTIAL_REFUSED, None),
]


@pytest.mark.parametrize(("standing", "task", "answer", "state", "reason", "following"), MOVES)
def test_an_answer_moves_a_filing(standing, task, answer, state, reason, following) -> None:
    move = rules.after(standing, task, answer)
    assert (move.state, move.reason) == (state, reason)
    assert move.task == (task if following is AGAIN else following)
    assert move.wait == (following is AGAIN or (move.anew and state is SENDING))
    if state is SENDING and following == SUBMIT:
        assert move.anew, "what was open is forgotten"


@pytest.mark.parametrize("standing", [STANDING, LOST_FINISH, BATCHED])
@pytest.mark.parametrize("task", [SUBMIT, UPLOAD, DESCRIBE, FINISH, ANEW, REFUSE, ASK])
def test_no_code_files_a_second_report_where_the_first_may_be_finished(standing, task) -> None:
    """Over every code: after a lost finish only a certain "not finished" begins anew."""
    for code in (0, 1000, 1100, 1110, 1111, 1210, 1300, *range(2000, 6000, 50), *CODES):
        move = rules.after(standing, task, said(code, report_id="900", files=("aa",)))
        if standing.finish_open and move.anew:
            assert (task.verb, code) == (Verb.RETRACT, 0), f"{code} forgets a lost finish"
        if move.state is FILED:
            assert task.verb in {Verb.FINISH, Verb.RETRACT}
            assert code in {0, rules.ALREADY_FINISHED}
            assert task.verb is Verb.FINISH or code == rules.ALREADY_FINISHED


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (None, Ending.LOST),
        (said(1000), Ending.LOST),
        (said(1999), Ending.LOST),
        (said(1210), Ending.ANSWERED),
        (said(0), Ending.ANSWERED),
        (said(5101), Ending.ANSWERED),
    ],
)
def test_trouble_of_the_server_leaves_a_try_lost(answer, ending) -> None:
    assert trying._ending(answer) is ending


@pytest.mark.parametrize(
    ("sandbox", "synthetic", "as_test", "as_synthetic", "another"),
    [
        (False, False, False, False, False),
        (False, True, False, True, False),
        (True, False, True, False, False),
        (True, True, True, False, False),
        (True, False, True, True, False),
        (False, False, True, False, True),
        (True, False, False, False, True),
        (False, False, False, True, True),
        (False, True, False, False, True),
    ],
)
def test_a_test_is_never_taken_for_a_report_nor_what_is_made_up_for_what_is_real(
    sandbox, synthetic, as_test, as_synthetic, another
) -> None:
    found = rules.is_another_kind(
        sandbox=sandbox, synthetic=synthetic, as_test=as_test, as_synthetic=as_synthetic
    )
    assert found is another


FITTING = {
    Verb.SUBMIT: said(0, report_id="900", root="reportResponse"),
    Verb.UPLOAD: replace(UPLOADED, root="reportResponse"),
    Verb.DESCRIBE: said(0, report_id="900", files=("aa",), root="reportResponse"),
    Verb.FINISH: said(0, report_id="900", files=("aa",), root="reportDoneResponse"),
    Verb.RETRACT: said(0, report_id="900", root="reportResponse"),
}


@pytest.mark.parametrize("task", [SUBMIT, UPLOAD, DESCRIBE, FINISH, ASK])
def test_an_answer_to_another_call_is_no_answer(task) -> None:
    assert rules.fits(STANDING, task, FITTING[task.verb])
    other = replace(FITTING[task.verb], report_id="901")
    assert not rules.fits(STANDING, task, other)
    wrong = {
        Verb.UPLOAD: (Verb.SUBMIT,),
        Verb.DESCRIBE: (Verb.UPLOAD, Verb.FINISH),
        Verb.FINISH: (Verb.SUBMIT, Verb.UPLOAD, Verb.DESCRIBE),
        Verb.RETRACT: (Verb.UPLOAD, Verb.DESCRIBE, Verb.FINISH),
        Verb.SUBMIT: (Verb.UPLOAD, Verb.FINISH),
    }
    for verb in wrong[task.verb]:
        assert not rules.fits(STANDING, task, FITTING[verb]), verb
    assert rules.fits(STANDING, task, said(4100)), "a refusal may have either root"
    opens = task.verb is Verb.SUBMIT
    for code in (5001, 5002, 5101, 5102):
        fit = rules.fits(STANDING, task, said(code, report_id="0"))
        assert fit is not opens, "0 names no report; what opens one can't be about an earlier one"
        assert not rules.fits(STANDING, task, said(code, report_id="901"))
    assert not rules.fits(STANDING, task, replace(FITTING[task.verb], report_id="0"))


def test_waiting_doubles_up_to_a_limit() -> None:
    seconds = [rules.wait_after(misses, 5).total_seconds() for misses in (1, 2, 3, 1000)]
    assert seconds == [5, 10, 20, rules.LONGEST_WAIT.total_seconds()]


def test_preservation_follows_the_law_of_the_day() -> None:
    before, law = preserved_until("US", date(2024, 5, 6)) or ("", "")
    assert before == date(2024, 5, 6) + timedelta(days=90)
    assert "2258A(h)" in law
    after, law = preserved_until("US", date(2024, 5, 7)) or ("", "")
    assert after == date(2025, 5, 7)
    assert "118-59" in law
    assert (preserved_until("US", date(2028, 2, 29)) or (None,))[0] == date(2029, 2, 28)
    assert preserved_until("US", date(2000, 1, 1)) is None, "before any law: not known"
    assert preserved_until("KR", date(2026, 1, 1)) is None, "not known is not none"
    assert all(one.citation and (one.days is None) != (one.years is None) for one in periods())
