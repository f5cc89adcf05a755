import tomllib
from pathlib import Path

import pytest

from tests.plugins.skips import AllowedSkip, is_allowed, read_list

pytest_plugins = ("pytester",)

ENTRY = AllowedSkip(tests="test_box.py::*", missing="Landlock", reason="no such kernel")


def test_a_listed_skip_that_names_what_is_missing_is_allowed() -> None:
    assert is_allowed((ENTRY,), "test_box.py::test_seal", "Skipped: the kernel has no Landlock")


@pytest.mark.parametrize(
    ("node_id", "said"),
    [("test_box.py::test_seal", "Skipped: not today"), ("test_web.py::test_x", "no Landlock")],
)
def test_a_skip_off_the_list_or_for_another_reason_is_not(node_id: str, said: str) -> None:
    assert not is_allowed((ENTRY,), node_id, said)


def test_each_committed_entry_says_what_is_missing_and_why() -> None:
    assert all(entry.missing and len(entry.reason) > 20 for entry in read_list())


def test_an_unknown_key_in_the_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "allowed_skips.toml"
    path.write_text("[[skp]]\ntests = '*'\n")
    with pytest.raises(ValueError, match="skp"):
        read_list(path)


def test_the_list_parses() -> None:
    tomllib.loads((Path(__file__).parents[1] / "allowed_skips.toml").read_text())


@pytest.mark.parametrize(
    "source",
    [
        "import pytest\ndef test_a():\n    pytest.skip('not today')\n",
        "import pytest\n@pytest.mark.skip(reason='no')\ndef test_a(): ...\n",
        "import pytest\npytest.skip('whole file', allow_module_level=True)\ndef test_a(): ...\n",
    ],
)
def test_a_run_with_an_unlisted_skip_fails(source: str, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_planted=source)
    result = pytester.runpytest_inprocess("-p", "tests.plugins.skips", "-p", "no:randomly")
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*not in tests/allowed_skips.toml*"])
