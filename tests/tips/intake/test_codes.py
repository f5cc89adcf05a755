"""Every answer code of the protocol: asked for with a real request, or said why never given.

The proof that nothing is left out has three parts: the program writes codes in one file, from a
closed list; each of that list is asked for at each call that can give it; and each refusal in the
program's own table of refusals is one that some request here met.
"""

import ast
import re
from collections.abc import Generator
from pathlib import Path
from typing import cast

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.databases import fresh_database
from tests.nodes import build_node
from tests.tips.intake.asking import CALLS, CELLS, Asker, damaged
from tests.tips.intake.ispws import add_provider, client, code, serving
from tipbridge.app import build_app
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.tips.intake import api
from tipbridge.tips.intake.answers import Code
from tipbridge.tips.quality.api import ROUTES
from tipbridge.web.provider_gate import ProviderGate

PROTOCOL = {
    0, 1000, 1100, 1110, 1111, 1210, 1300, 2000, 3000, 3100, 3300,
    4000, 4100, 4110, 4200, 5001, 5002, 5101, 5102,
}  # fmt: skip
"""The list of the protocol's documentation (notes, section 2), by hand."""
NEVER = {
    1110: "1100: whatever could not be kept, the report stands as before and the call is repeated",
    1111: "1100, for the same reason",
    1300: "1100, for the same reason",
    3100: "a credential that holds may open reports; one that does not is 2000",
    3300: "another's report is 5001: that it exists is not told",
}
GIVEN = {number for _, number in CELLS}
UNMET = {
    "NotFound": "what is not there is a report or a file, which have codes of their own",
    "Forbidden": "every action behind this door is open to providers; the shell refuses (3000)",
}
"""Refusals of the program's table that no request meets: they stand in case one ever does."""


@pytest.fixture(scope="module")
def met() -> set[type[TipbridgeError]]:
    """The refusals that the requests of this module were answered with."""
    return set()


@pytest.fixture(scope="module")
def asker(server, met, tmp_path_factory: pytest.TempPathFactory) -> Generator[Asker]:
    with fresh_database(server) as database:
        node: Node = build_node(tmp_path_factory.mktemp("codes") / "node", database)
        add_provider(node)
        with pytest.MonkeyPatch.context() as patch:
            refused = api._refused

            def noting(request, error):
                met.add(type(error))
                return refused(request, error)

            patch.setattr(api, "_refused", noting)  # it only listens
            with (
                serving(node, ROUTES) as address,
                client(address) as esp,
                TestClient(build_app(node), base_url="http://localhost") as web,
            ):
                yield Asker(node=node, database=database, address=address, esp=esp, web=web)


@pytest.mark.parametrize(("call", "wanted"), sorted(CELLS))
def test_a_call_is_answered_with_this_code_and_its_status(
    asker: Asker, call: str, wanted: int
) -> None:
    status, ask = CELLS[call, wanted]
    answer = ask(asker, call)
    assert answer.status_code == status, answer.text
    if answer.content[:5] == b"<?xml" and not (call == "xsd" and wanted == 0):
        assert code(answer) == wanted, answer.text
    else:
        assert wanted == 0, "only what was done is answered in another form"
    assert code(asker.esp.get("/status")) == 0, "and the node goes on"


def test_each_refusal_of_the_programs_table_was_met(
    asker: Asker, met: set[type[TipbridgeError]]
) -> None:
    for call, wanted in sorted(CELLS):
        if wanted not in {0, 1000, 1100}:
            CELLS[call, wanted][1](asker, call)
    CELLS["submit", 1100][1](asker, "submit")
    answer = damaged(asker)
    assert (answer.status_code, code(answer)) == (500, 1000)
    table = [kind for kind, _, _ in api._CODES]
    used = {next(kind for kind in table if issubclass(one, kind)) for one in met}
    assert {kind.__name__ for kind in table if kind not in used} == set(UNMET)


def test_each_code_of_the_protocol_is_given_or_said_why_not() -> None:
    assert set(NEVER) | GIVEN == PROTOCOL
    assert not GIVEN & set(NEVER)


def test_no_code_outside_the_list_can_be_given() -> None:
    assert {int(each) for each in Code} == GIVEN, "the program's codes are those tried here"
    room = Path("src/tipbridge/tips")
    writers = {path for path in room.rglob("*.py") if "<responseCode>" in path.read_text("utf-8")}
    assert {path.name for path in writers} == {"answers.py"}, "one file writes codes"
    (answers,) = writers
    functions = [
        node
        for node in ast.parse(answers.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and "<responseCode>" in ast.unparse(node)
    ]
    kinds = [ast.unparse(f.args.args[0].annotation or ast.Constant(None)) for f in functions]
    assert kinds == ["Code", "Code"], "and takes them from the list"


def test_each_call_that_the_program_has_is_tried(asker: Asker) -> None:
    gate = cast("ProviderGate", api.build_ispws(asker.node, ROUTES))
    served = {cast("Route", route).path.strip("/") for route in gate.routes}
    assert {path.rpartition("/")[2] for path in served} == set(CALLS)


def test_the_guide_for_clients_lists_the_same_codes_and_calls() -> None:
    guide = Path("docs/ispws.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (\d+) \| ([^|]+) \|", guide, re.MULTILINE)
    told = {int(number): (int(status), calls.strip()) for number, status, calls in rows}
    for number in GIVEN:
        calls = [call for call in CALLS if (call, number) in CELLS]
        words = "all" if calls == list(CALLS) else ", ".join(calls)
        statuses = {status for (_, each), (status, _) in CELLS.items() if each == number} - {405}
        assert (*statuses, words) == told.pop(number)
    assert not told
