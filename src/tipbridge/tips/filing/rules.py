"""What a clearinghouse's answer means for a filing: pure, with a reason.

One effect is a finished report. An open report has none: nobody but us knows its number, and
it runs out by itself. So everything before `/finish` may be begun anew, and `/finish` of the
same number may be asked again and again; only what was once sent to finish and can't be seen
any more is uncertain, and a person resolves it (law 7: unknown is not no).
"""

from collections.abc import Callable
from datetime import date, timedelta

from tipbridge.tips.filing.model import (
    Answer,
    FilingState,
    Move,
    Reason,
    Standing,
    Task,
    Then,
    Verb,
)

SUCCESS, NOT_FOUND, AUTHENTICATION = 0, 1210, 2000
NO_SUCH_REPORT, NO_SUCH_FILE, ALREADY_RETRACTED, ALREADY_FINISHED = 5001, 5002, 5101, 5102
_GONE = frozenset({NO_SUCH_REPORT, ALREADY_RETRACTED})
_SERVER, _CREDENTIALS = range(1000, 2000), range(2000, 4000)
_OF_REPORTS = range(5000, 6000)
"""About a report that is there, or was: none answers the opening of a new one."""
LONGEST_WAIT = timedelta(minutes=15)
_DOUBLINGS = 20


def first_task() -> Task:
    """Every round begins with opening a report."""
    return Task(verb=Verb.SUBMIT)


def wait_after(misses: int, base_seconds: float) -> timedelta:
    """How long to wait after so many misses in a row: doubled each time, up to a limit."""
    seconds = base_seconds * 2.0 ** min(max(misses - 1, 0), _DOUBLINGS)
    return min(timedelta(seconds=seconds), LONGEST_WAIT)


_NO_REPORT = "0"
"""What a refusal names that is about no report."""


def fits(standing: Standing, task: Task, answer: Answer) -> bool:
    """Whether an answer is one to this call: what is not counts as no answer.

    A network that repeats old answers must not make a report look finished.
    """
    if task.verb is Verb.SUBMIT and answer.code in _OF_REPORTS:
        return False
    tells = answer.code == SUCCESS or answer.code in _OF_REPORTS
    no_report = answer.code != SUCCESS and answer.report_id == _NO_REPORT
    named = None if no_report else answer.report_id
    if tells and named and standing.report_id not in (None, named):
        return False
    return answer.code != SUCCESS or _FITS[task.verb](answer)


def _names_report(answer: Answer) -> bool:
    return answer.report_id is not None


_FITS: dict[Verb, Callable[[Answer], bool]] = {
    Verb.SUBMIT: lambda answer: _names_report(answer) and not answer.files,
    Verb.UPLOAD: lambda answer: _names_report(answer) and len(answer.files) == 1,
    Verb.DESCRIBE: lambda answer: answer.root == "reportResponse" and answer.md5 is None,
    Verb.FINISH: lambda answer: _names_report(answer) and answer.root == "reportDoneResponse",
    Verb.RETRACT: lambda answer: answer.root == "reportResponse" and not answer.files,
}


def is_another_kind(*, sandbox: bool, synthetic: bool, as_test: bool, as_synthetic: bool) -> bool:
    """Whether a clearinghouse takes a filing for something that it is not: a test for a report
    or a report for a test, or what is made up for what is real. Tests may go to either.
    """
    return as_test != sandbox or (not sandbox and as_synthetic != synthetic)


def tells_outcome(answer: Answer) -> bool:
    """Whether an answer says what became of the call: trouble of the server does not."""
    return answer.code not in _SERVER or answer.code == NOT_FOUND


def after(standing: Standing, task: Task, answer: Answer | None) -> Move:
    """Where the filing goes when this call came to this; None: no answer that counts."""
    if answer is None or not tells_outcome(answer):
        return _unanswered(standing, task)
    if answer.code == NOT_FOUND or answer.code in _CREDENTIALS:
        return _shut_out(standing, task, answer.code)
    move = _AFTER[task.verb](standing, task, answer)
    if standing.finish_open and move.anew and answer.code != SUCCESS:
        return Move(state=FilingState.UNCERTAIN, reason=Reason.GONE_AFTER_LOST_FINISH)
    return move


def _unanswered(standing: Standing, task: Task) -> Move:
    if task.verb is Verb.UPLOAD and standing.batched:
        # A batched report with its file twice could never be finished.
        return _retract(Reason.BATCH_FILE_DOUBLED, Then.BEGIN_ANEW)
    return _go_on(task, Reason.NO_ANSWER, wait=True)


def _shut_out(standing: Standing, task: Task, code: int) -> Move:
    if task.verb is Verb.RETRACT and task.then is Then.ASK:
        return Move(state=FilingState.UNCERTAIN, reason=Reason.CREDENTIAL_REFUSED)
    if standing.finish_open:
        return Move(state=FilingState.UNCERTAIN, reason=Reason.REFUSED_AFTER_LOST_FINISH)
    wrong = Reason.WRONG_ADDRESS if code == NOT_FOUND else Reason.CREDENTIAL_REFUSED
    return Move(state=FilingState.REFUSED, reason=wrong, task=task)


def without_credential(standing: Standing, task: Task) -> Move:
    """Where the filing goes when there is no credential to send with."""
    if standing.finish_open or (task.verb is Verb.RETRACT and task.then is Then.ASK):
        return Move(state=FilingState.UNCERTAIN, reason=Reason.NO_CREDENTIAL)
    return Move(state=FilingState.REFUSED, reason=Reason.NO_CREDENTIAL, task=task)


def broken_here(standing: Standing) -> Move:
    """Where the filing goes when its own sealed document or file can't be read."""
    state = FilingState.UNCERTAIN if standing.finish_open else FilingState.REFUSED
    return Move(state=state, reason=Reason.BROKEN_HERE, task=first_task())


def _after_submit(standing: Standing, task: Task, answer: Answer) -> Move:
    del task
    if answer.code != SUCCESS:
        return Move(state=FilingState.REFUSED, reason=Reason.DOCUMENT_REFUSED, task=first_task())
    if answer.another_kind:
        back = Task(verb=Verb.RETRACT, then=Then.REFUSE)
        return _go_on(back, Reason.ANOTHER_KIND, report_id=answer.report_id)
    return _go_on(_next_file(standing, 0), report_id=answer.report_id)


def _after_upload(standing: Standing, task: Task, answer: Answer) -> Move:
    if answer.code != SUCCESS:
        return _file_trouble(answer.code, Reason.FILE_REFUSED)
    file = standing.files[task.position]
    if answer.md5 is not None and answer.md5.lower() != file.digests.md5:
        return _retract(Reason.DAMAGED_ON_THE_WAY, Then.BEGIN_ANEW)
    described = file.details is not None
    follows = (
        Task(verb=Verb.DESCRIBE, position=task.position)
        if described
        else _next_file(standing, task.position + 1)
    )
    return _go_on(follows, file_id=answer.files[0])


def _after_describe(standing: Standing, task: Task, answer: Answer) -> Move:
    if answer.code == NO_SUCH_FILE:
        return _retract(Reason.DAMAGED_ON_THE_WAY, Then.BEGIN_ANEW)
    if answer.code != SUCCESS:
        return _file_trouble(answer.code, Reason.DETAILS_REFUSED)
    return _go_on(_next_file(standing, task.position + 1), described=True)


def _after_finish(standing: Standing, task: Task, answer: Answer) -> Move:
    del task
    if answer.code == SUCCESS:
        return Move(state=FilingState.FILED, reason=Reason.FINISHED)
    if answer.code == ALREADY_FINISHED:  # nobody else knows this number
        return Move(state=FilingState.FILED, reason=Reason.FOUND_FINISHED)
    if answer.code in _GONE:
        if standing.finish_open:
            return Move(state=FilingState.UNCERTAIN, reason=Reason.GONE_AFTER_LOST_FINISH)
        return _anew(Reason.EXPIRED_THERE)
    return _retract(Reason.FINISH_REFUSED, Then.REFUSE)


def _after_retract(standing: Standing, task: Task, answer: Answer) -> Move:
    if answer.code == ALREADY_FINISHED:
        if task.then is Then.ASK or standing.finish_open:
            return Move(state=FilingState.FILED, reason=Reason.FOUND_FINISHED)
        return Move(state=FilingState.UNCERTAIN, reason=Reason.FINISHED_BY_SOMEBODY)
    if task.then is Then.ASK:
        if answer.code == SUCCESS:
            return _anew(Reason.TAKEN_BACK)
        return Move(state=FilingState.UNCERTAIN, reason=Reason.GONE_AFTER_LOST_FINISH)
    if task.then is Then.REFUSE:
        return Move(state=FilingState.REFUSED, reason=None, task=first_task(), anew=True)
    return _anew(Reason.TAKEN_BACK)


_AFTER: dict[Verb, Callable[[Standing, Task, Answer], Move]] = {
    Verb.SUBMIT: _after_submit,
    Verb.UPLOAD: _after_upload,
    Verb.DESCRIBE: _after_describe,
    Verb.FINISH: _after_finish,
    Verb.RETRACT: _after_retract,
}


def _file_trouble(code: int, refused: Reason) -> Move:
    if code in _GONE:
        return _anew(Reason.EXPIRED_THERE)
    if code == ALREADY_FINISHED:
        return Move(state=FilingState.UNCERTAIN, reason=Reason.FINISHED_BY_SOMEBODY)
    return _retract(refused, Then.REFUSE)


def _next_file(standing: Standing, position: int) -> Task:
    if position < len(standing.files):
        return Task(verb=Verb.UPLOAD, position=position)
    return Task(verb=Verb.FINISH)


def _go_on(
    task: Task,
    reason: Reason = Reason.GOING_ON,
    *,
    wait: bool = False,
    report_id: str | None = None,
    file_id: str | None = None,
    described: bool = False,
) -> Move:
    return Move(
        state=FilingState.SENDING,
        reason=reason,
        task=task,
        wait=wait,
        report_id=report_id,
        file_id=file_id,
        described=described,
    )


def _anew(reason: Reason) -> Move:
    return Move(state=FilingState.SENDING, reason=reason, task=first_task(), wait=True, anew=True)


def _retract(reason: Reason, then: Then) -> Move:
    return _go_on(Task(verb=Verb.RETRACT, then=then), reason)


def kept_until(filed_on: date, *, days: int | None, years: int | None) -> date:
    """The day until which a filed report's material is kept; one of the two periods is given."""
    if years is None:
        return filed_on + timedelta(days=days or 0)
    try:
        return filed_on.replace(year=filed_on.year + years)
    except ValueError:  # the 29th of February
        return filed_on.replace(year=filed_on.year + years, day=28)
