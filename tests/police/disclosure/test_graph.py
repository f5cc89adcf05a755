"""The graph against the validator of the CASE community."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.police.disclosure.bundles import a_content
from tipbridge.police.disclosure.graph import graph_of

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
