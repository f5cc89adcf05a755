"""Numbers of another's reports: the answers of nothing at all, and an alarm for staff (N07)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.nodes import CONSOLE
from tests.sharing.net import audit
from tests.tips.intake.ispws import (
    add_provider,
    client,
    code,
    details,
    open_report,
    said,
    serving,
    upload,
)
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import guessing, pages
from tipbridge.tips.intake.rules import FIRST_REPORT_NUMBER, GUESSES_BEFORE_ALARM

NOWHERE = FIRST_REPORT_NUMBER + 500_000_000


@pytest.fixture
def both(node):
    add_provider(node)
    add_provider(node, name="esp-two", username="usr456", password="pw-2")
    with (
        serving(node) as address,
        client(address) as owner,
        client(address, "usr456", "pw-2") as stranger,
    ):
        yield owner, stranger


def tries(esp, number, file_id: str):
    """Everything that can be asked of a report by its number."""
    number = str(number)
    return [
        upload(esp, number, b"synthetic"),
        esp.post("/fileinfo", content=details(number, file_id)),
        esp.post("/finish", data={"id": number}),
        esp.post("/retract", data={"id": number}),
        esp.get(f"/reports/{number}/receipt"),
    ]


def told(answers, number) -> list[tuple]:
    """All that an answer says, but for the number that was asked for and its request's id."""
    return [
        (
            answer.status_code,
            answer.content.replace(str(number).encode(), b"N"),
            sorted(set(answer.headers) - {"date", "content-length"}),
        )
        for answer in answers
    ]


def alarms(node):
    with open_work(node, CONSOLE) as work:
        return guessing.list_guessing(work)


def guess(esp, numbers) -> None:
    for number in numbers:
        assert code(esp.post("/retract", data={"id": str(number)})) == 5001


def test_anothers_report_is_answered_like_none_and_stays_as_it_was(both):
    owner, stranger = both
    number = open_report(owner)
    file_id = said(upload(owner, number, b"synthetic"))["fileId"]
    theirs = tries(stranger, number, file_id)
    assert told(theirs, number) == told(tries(stranger, NOWHERE, file_id), NOWHERE)
    assert {code(each) for each in theirs} == {5001}
    done = said(owner.post("/finish", data={"id": number}))
    assert (done["responseCode"], done["files"]) == ("0", file_id)
    theirs = tries(stranger, number, file_id)
    assert told(theirs, number) == told(tries(stranger, NOWHERE, file_id), NOWHERE)


def test_twenty_guessed_numbers_raise_one_alarm_and_answers_stay_the_same(both, node):
    owner, stranger = both
    last = GUESSES_BEFORE_ALARM - 1
    number = open_report(owner)
    guess(stranger, [NOWHERE] * 30)  # one number again and again is a client's mistake
    guess(stranger, [NOWHERE + step for step in range(1, last)])
    assert stranger.post("/retract", data={"id": "no-number"}).status_code == 400
    guess(owner, [NOWHERE + step for step in range(last)])
    assert alarms(node) == []
    before = told(tries(stranger, NOWHERE, "file"), NOWHERE)
    guess(stranger, [number])
    (alarm,) = alarms(node)
    assert (alarm.provider_name, alarm.username, alarm.asked) == ("esp-two", "usr456", 54)
    assert told(tries(stranger, NOWHERE, "file"), NOWHERE) == before
    assert told(tries(stranger, number, "file"), number) == before
    guess(stranger, [NOWHERE + 100 + step for step in range(40)])
    assert [each.id for each in alarms(node)] == [alarm.id]
    noticed = [event for event in audit(node) if event[0] == "intake.guessing.noticed"]
    assert len(noticed) == 1
    assert code(owner.post("/finish", data={"id": number})) == 0


def test_guesses_at_once_are_each_counted(both, node):
    _owner, stranger = both
    numbers = [NOWHERE + step for step in range(GUESSES_BEFORE_ALARM)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: guess(stranger, [number]), numbers))
    (alarm,) = alarms(node)
    assert alarm.asked == GUESSES_BEFORE_ALARM


def test_an_alarm_waits_until_somebody_looked_and_counting_begins_anew(both, node):
    _owner, stranger = both
    guess(stranger, [NOWHERE + step for step in range(GUESSES_BEFORE_ALARM)])
    (alarm,) = alarms(node)
    app = shell_app(node, navigation=pages.NAV)
    app.include_router(pages.router)
    for language, words in (("ko", "추측한 보고서 번호"), ("en", "Guessed report numbers")):
        add_member(node, f"keeper-{language}", Role.PROVIDER_MANAGER)
        desk = browser(app, language=language)
        sign_in(desk, f"keeper-{language}")
        shown = desk.get("/providers").text
        assert words in shown
        assert alarm.id in shown
    with open_work(node, CONSOLE) as work:
        assert guessing.count_unseen(work) == 1
    assert desk.post("/providers/guessing", data={"alarm": alarm.id}).status_code == 303
    assert desk.post("/providers/guessing", data={"alarm": alarm.id}).status_code == 404
    shown = desk.get("/providers").text
    assert "keeper-en" in shown
    assert alarm.id not in shown
    guess(stranger, [NOWHERE + step for step in range(GUESSES_BEFORE_ALARM - 1)])
    assert len(alarms(node)) == 1
    guess(stranger, [NOWHERE + GUESSES_BEFORE_ALARM])
    fresh, seen = alarms(node)
    assert (fresh.seen_at, seen.id) == (None, alarm.id)
    with open_work(node, CONSOLE) as work:
        assert guessing.count_unseen(work) == 1
        with pytest.raises(NotFound):
            guessing.see_guessing(work, alarm=alarm.id)
