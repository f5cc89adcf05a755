"""What was written down and does not stand is taken back on the page and by command, as staff do."""

import pytest

from tests.police.folk import a_case
from tests.police.test_commands import Run, run
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.police.cases.demands.commands import demands

__all__ = ["run"]  # a fixture


def test_an_answer_is_taken_back_on_the_page_and_by_command(node: Node, run: Run) -> None:
    case = a_case(node).case.id
    client = signed_in(node, Role.INVESTIGATOR)
    form = {
        "kind": "subscriber", "addressee": "Example Telecom", "language": "ko",
        "authority": "A ground.", "account": "user-1",
    }  # fmt: skip
    page = client.post(f"/cases/{case}/demands", data=form, follow_redirects=True)
    at = str(page.url.path)
    assert f'action="{at}/drop"' in page.text
    page = client.post(f"{at}/drop", data={"because": "Asked by telephone."}, follow_redirects=True)
    assert "Asked by telephone." in page.text
    assert f'action="{at}/answer"' not in page.text
    demand = at.rpartition("/")[2]
    assert run(demands, "reopen", case, demand, "--because", "In writing.")["state"] == "drafted"
    client.post(f"{at}/sending")
    client.post(f"{at}/refusal", data={"words": "No ground."})
    page = client.post(
        f"{at}/answer", data={"kind": "phone", "value": "+82 2 555 0100"}, follow_redirects=True
    )
    assert "No ground." in page.text
    assert "Further answer" in page.text
    (line,) = run(demands, "list", case)
    (fact,) = line["facts"]
    where = f"/cases/{case}/facts/{fact['id']}"
    assert f'action="{where}"' in page.text
    page = client.post(where, data={"because": "Another line."}, follow_redirects=True)
    assert "<s>+82 2 555 0100</s>" in page.text
    assert "Another line." in page.text
    assert "+82 2 555 0100" not in client.get(f"/cases/{case}/demands").text
    with pytest.raises(Conflict):
        run(demands, "withdraw-fact", case, fact["id"], "--because", "Again.")
