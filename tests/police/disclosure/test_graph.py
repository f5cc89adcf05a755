"""The graph against the validator of the CASE community."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tests.police.disclosure.bundles import a_content
from tipbridge.police.disclosure.graph import graph_of
from tipbridge.police.disclosure.model import Content

VALIDATOR = Path(sys.executable).with_name("case_validate")


def validated(graph: object, path: Path) -> str:
    path.write_text(json.dumps(graph), "utf-8")
    line = [str(VALIDATOR), "--allow-info", str(path)]
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=environment)
    return done.stdout + done.stderr


def test_the_validator_of_case_has_no_complaint_and_has_one_of_a_wrong_graph(
    tmp_path: Path,
) -> None:
    graph = graph_of(a_content(5))
    kinds = {node["@type"] for node in graph["@graph"]}
    assert {"uco-tool:Tool", "case-investigation:ProvenanceRecord"} <= kinds
    facets = {
        facet["@type"] for node in graph["@graph"] for facet in node.get("uco-core:hasFacet", ())
    }
    assert "uco-observable:FileFacet" in facets, "findings stand in the graph"
    assert "Conforms: True" in validated(graph, tmp_path / "right.jsonld")
    hashes = next(node for node in graph["@graph"] if "uco-core:hasFacet" in node)
    hashes["uco-core:hasFacet"][0]["uco-observable:sizeInBytes"] = "many"
    assert "Conforms: False" in validated(graph, tmp_path / "wrong.jsonld")


def test_a_tool_of_another_maker_is_one_tool_as_its_user_wrote_it() -> None:
    content = a_content(5)
    made = content.acquisitions[0]
    made |= {"tool": "Imager, Pro Edition 4.7", "recorded": {"by": "officer", "stated": []}}
    tools = {
        (node["uco-core:name"], node.get("uco-tool:version"))
        for node in graph_of(content)["@graph"]
        if node["@type"] == "uco-tool:Tool"
    }
    assert ("Imager, Pro Edition", "4.7") in tools
    assert not {name for name, _ in tools} & {"Imager", "Pro"}


def described(content: Content, name: str) -> list[list[str]]:
    return [
        node["uco-core:description"]
        for node in graph_of(content)["@graph"]
        if node["@type"] == "case-investigation:InvestigativeAction"
        and node["uco-core:name"] == name
        and "uco-core:description" in node
    ]


def test_an_examination_that_was_given_up_is_an_action_with_its_reason() -> None:
    content = a_content(5)
    left = {"at": "2014-03-09T09:00:00+00:00", "by": "examiner-1", "reason": "The stick broke."}
    begun = content.examinations[0] | {
        "bytes_read": 512, "entries": 3, "given_up": left, "id": "begun", "source": "other.raw",
    }  # fmt: skip
    told = described(replace(content, unfinished=[begun]), "examined")
    assert ["not finished", "bytes_read: 512", "entries: 3", f"findings: {begun['findings']}",
            "given up: The stick broke."] in told  # fmt: skip


def test_an_examinations_medium_has_all_its_digests_and_what_its_maker_stored() -> None:
    content = a_content(5)
    done = content.examinations[0]
    hashes = {
        each["uco-types:hashValue"]["@value"]
        for node in graph_of(content)["@graph"]
        for facet in node.get("uco-core:hasFacet", ())
        for each in facet.get("uco-observable:hash", ())
    }
    assert {each.upper() for each in done["medium"]["digests"].values()} <= hashes
    (told,) = [each for each in described(content, "examined") if "case number: 2014-7" in each][:1]
    assert f"stored md5: {done['medium']['stored']['md5']}" in told


def test_a_fault_of_the_chain_at_an_examination_is_told_with_its_reason() -> None:
    content = a_content(5)
    event = content.custody[-1] | {"kind": "examined", "faults": ["gap"], "reason": "A drawer."}
    told = described(replace(content, custody=[event]), "examined")
    assert any({"reason: A drawer.", "fault: gap"} <= set(each) for each in told)
    quiet = event | {"faults": [], "reason": None}
    assert len(described(replace(content, custody=[quiet]), "examined")) == len(told) - 1
