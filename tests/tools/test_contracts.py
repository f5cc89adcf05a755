"""The direction of imports: kept by the house, and broken by each planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
RUN = """
import sys
sys.path.insert(0, "src")
from importlinter.cli import lint_imports_command
lint_imports_command()
"""


def run_contracts(top: Path) -> subprocess.CompletedProcess[str]:
    """Lint the imports of the package under `top`."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            RUN,
            "--no-cache",
            "--no-logo",
        ],
        cwd=top,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wings and rooms without their content, and the real contracts."""
    top = tmp_path_factory.mktemp("house")
    shutil.copy(TOP / "pyproject.toml", top)
    package = TOP / "src" / "tipbridge"
    for path in package.rglob("*.py"):
        copy = top / path.relative_to(TOP)
        if len(path.relative_to(package).parts) <= 3:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text('"""A file of the house."""\n')
    return top


def planted(house: Path, tmp_path: Path, path: str, text: str) -> subprocess.CompletedProcess[str]:
    """The contracts over a copy of the house with one more line in one file."""
    top = tmp_path / "house"
    shutil.copytree(house, top)
    file = top / "src" / "tipbridge" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as opened:
        opened.write(text)
    return run_contracts(top)


def test_the_house_keeps_its_contracts() -> None:
    result = run_contracts(TOP)
    assert result.returncode == 0, result.stdout


def test_the_empty_house_keeps_them(house: Path) -> None:
    result = run_contracts(house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    "path", ["prosecution/__init__.py", "tips/gossip/__init__.py", "foundation/crypt/__init__.py"]
)
def test_an_unplaced_room_fails(house: Path, tmp_path: Path, path: str) -> None:
    result = planted(house, tmp_path, path, "")
    assert result.returncode != 0
    assert path.split("/")[-2] in result.stdout


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tips/report/model.py", "import tipbridge.police.cases\n"),
        ("tips/intake/actions.py", "import tipbridge.tips.filing\n"),
        ("tips/filing/actions.py", "import tipbridge.tips.intake\n"),
        ("tips/triage/actions.py", "import tipbridge.tips.quality\n"),
        ("foundation/base/clock.py", "import tipbridge.foundation.storage\n"),
        ("foundation/jobs/queue.py", "import tipbridge.foundation.access\n"),
        ("web/render.py", "import tipbridge.office.actions\n"),
        ("sharing/exchange/actions.py", "def f():\n    import tipbridge.sharing.referral\n"),
        ("police/cases/actions.py", "import tipbridge.police.outcomes\n"),
        ("police/welfare/actions.py", "import tipbridge.police.outcomes\n"),
        ("knowledge/law/rules.py", "import tipbridge.knowledge.places\n"),
        ("police/cases/actions.py", "import tipbridge.pipeline\n"),
    ],
)
def test_a_planted_import_against_the_direction_fails(
    house: Path, tmp_path: Path, path: str, text: str
) -> None:
    result = planted(house, tmp_path, path, text)
    assert result.returncode != 0
    assert "BROKEN" in result.stdout
