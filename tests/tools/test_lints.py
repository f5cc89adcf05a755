from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import pytest

from tools.lints import ground, shape, words
from tools.lints.__main__ import TOP, committed, lint
from tools.lints.source import Finding, Source

Check = Callable[[Source], Iterator[Finding]]


def found(check: Check, path: str, text: str) -> set[str]:
    return {finding.rule for finding in check(Source(path=PurePosixPath(path), text=text))}


ROOM = "src/tipbridge/tips/triage"

PLANTED = [
    ("sql", ground.check, f"{ROOM}/actions.py", "from sqlalchemy import select\n"),
    ("sql", ground.check, f"{ROOM}/actions.py", "def f(db): db.execute(1)\n"),
    ("sql", ground.check, f"{ROOM}/pages.py", "Q = 'SELECT id FROM tips'\n"),
    ("commit", ground.check, f"{ROOM}/store.py", "def f(db): db.commit()\n"),
    ("commit", ground.check, f"{ROOM}/actions.py", "def f(work): work.db.begin_nested()\n"),
    ("clock", ground.check, f"{ROOM}/rules.py", "from datetime import datetime\ndatetime.now()\n"),
    ("clock", ground.check, f"{ROOM}/actions.py", "import datetime\ndatetime.datetime.utcnow()\n"),
    ("clock", ground.check, f"{ROOM}/actions.py", "import datetime as d\nd.date.today()\n"),
    ("clock", ground.check, "src/tipbridge/demo/world.py", "import time\ntime.time()\n"),
    ("clock", ground.check, f"{ROOM}/actions.py", "from time import monotonic\n"),
    ("random", ground.check, f"{ROOM}/actions.py", "import uuid\n"),
    ("random", ground.check, f"{ROOM}/actions.py", "from secrets import token_hex\n"),
    ("random", ground.check, f"{ROOM}/actions.py", "import os\nos.urandom(3)\n"),
    ("catch", ground.check, f"{ROOM}/actions.py", "try: f()\nexcept Exception: pass\n"),
    ("catch", ground.check, f"{ROOM}/actions.py", "try: f()\nexcept: pass\n"),
    ("catch", ground.check, f"{ROOM}/store.py", "try: f()\nexcept (OSError, Exception): g()\n"),
    ("size", shape.check, f"{ROOM}/actions.py", "x = 1\n" * 501),
    ("size", shape.check, "tests/tips/test_triage.py", "x = 1\n" * 601),
    ("size", shape.check, f"{ROOM}/actions.py", "def f():\n" + "    x = 1\n" * 60),
    ("pure", shape.check, f"{ROOM}/rules.py", "import logging\n"),
    ("pure", shape.check, f"{ROOM}/model.py", "from pydantic import BaseModel\n"),
    ("pure", shape.check, f"{ROOM}/rules.py", "from tipbridge.foundation.work import Work\n"),
    ("pure", shape.check, f"{ROOM}/rules.py", "from tipbridge.tips.triage import store\n"),
    (
        "pure",
        shape.check,
        f"{ROOM}/model.py",
        "from tipbridge.foundation.base.clock import machine_now\n",
    ),
    ("front", shape.check, f"{ROOM}/actions.py", "from tipbridge.tips.intake import store\n"),
    ("front", shape.check, f"{ROOM}/actions.py", "from tipbridge.tips.intake.rules import x\n"),
    ("front", shape.check, f"{ROOM}/store.py", "from tipbridge.tips.triage import rules\n"),
    ("front", shape.check, f"{ROOM}/pages.py", "from tipbridge.tips.triage import store\n"),
    ("front", shape.check, f"{ROOM}/store/leads.py", "from tipbridge.tips.triage import rules\n"),
    ("commit", ground.check, f"{ROOM}/store/leads.py", "def f(db): db.commit()\n"),
    (
        "package",
        shape.check,
        "src/tipbridge/tips/__init__.py",
        "from tipbridge.tips import intake\n",
    ),
    ("import", shape.check, f"{ROOM}/actions.py", "import importlib\n"),
    ("import", shape.check, f"{ROOM}/actions.py", "from importlib import import_module\n"),
    ("import", shape.check, f"{ROOM}/actions.py", "__import__('os')\n"),
    ("figure", words.check, "src/tipbridge/bulletin/rules.py", "PEOPLE = 117\n"),
    ("figure", words.check, "src/tipbridge/pipeline.py", "# until 38,000 items are seen\n"),
    ("figure", words.check, "src/tipbridge/police/x/rules.py", "ITEMS = 42_000\n"),
    ("figure", words.check, "src/tipbridge/sharing/x.toml", "share = 28.2\n"),
    ("figure", words.check, "src/tipbridge/tips/x/templates/x/y.html", "<td>33</td>\n"),
    ("machine", words.check, "docs/x.md", "see /home/kim/notes\n"),
    ("machine", words.check, "tools/x", "curl https://pypi.org/simple\n"),
    ("lock", words.check, "requirements/dev.lock", "--index-url https://x.example/\n"),
]

KEPT = [
    (
        ground.check,
        f"{ROOM}/store/leads.py",
        "from sqlalchemy import select\ndb.execute(select())\n",
    ),
    (ground.check, f"{ROOM}/store.py", "from sqlalchemy import select\ndb.execute(select())\n"),
    (ground.check, f"{ROOM}/actions.py", "from sqlalchemy import Connection\n"),
    (ground.check, f"{ROOM}/pages.py", "SAY = 'Select one from the list'\n"),
    (ground.check, "src/tipbridge/foundation/base/clock.py", "import time\ntime.monotonic()\n"),
    (ground.check, f"{ROOM}/actions.py", "from datetime import timedelta\nat = work.now\n"),
    (ground.check, "src/tipbridge/foundation/base/ids.py", "import os\nos.urandom(3)\n"),
    (ground.check, "tests/tips/test_x.py", "import uuid\nfrom sqlalchemy import select\n"),
    (ground.check, f"{ROOM}/actions.py", "try: f()\nexcept Exception:\n    g()\n    raise\n"),
    (ground.check, f"{ROOM}/actions.py", "try: f()\nexcept OSError: pass\n"),
    (shape.check, f"{ROOM}/actions.py", "x = 1\n" * 500),
    (shape.check, f"{ROOM}/actions.py", "def f():\n" + "    x = 1\n" * 59),
    (shape.check, f"{ROOM}/rules.py", "from tipbridge.tips.triage.model import Lead\n"),
    (shape.check, f"{ROOM}/actions.py", "from tipbridge.tips.triage import rules, store\n"),
    (shape.check, f"{ROOM}/actions.py", "from tipbridge.knowledge.law import rules\n"),
    (shape.check, f"{ROOM}/store.py", "from tipbridge.tips.intake.tables import reports\n"),
    (shape.check, "src/tipbridge/tips/__init__.py", '"""Tips."""\n'),
    (words.check, "src/tipbridge/bulletin/rules.py", "WIDTH = 330\nAT = '192.0.2.33'\n"),
    (words.check, "src/tipbridge/bulletin/rules.py", "N = 1174\nSHARE = 33.5\n"),
    (words.check, "src/tipbridge/demo/world.py", "FILES = 38_000\n"),
    (words.check, "requirements/dev.lock", "x==1.0 --hash=sha256:00\n"),
]


@pytest.mark.parametrize(("rule", "check", "path", "text"), PLANTED)
def test_a_planted_violation_is_found(rule: str, check: Check, path: str, text: str) -> None:
    assert rule in found(check, path, text)


@pytest.mark.parametrize(("check", "path", "text"), KEPT)
def test_what_is_allowed_passes(check: Check, path: str, text: str) -> None:
    assert found(check, path, text) == set()


def test_a_folder_without_init_is_found() -> None:
    paths = ["src/tipbridge/tips/__init__.py", "src/tipbridge/tips/new/rules.py"]
    missing = {finding.path for finding in shape.missing_packages(paths)}
    assert missing == {"src/tipbridge", "src/tipbridge/tips/new"}


def test_a_path_of_this_machine_is_found() -> None:
    source = Source(path=PurePosixPath("docs/x.md"), text=f"see {TOP}/docs\n")
    assert [finding.rule for finding in words.own_place(source, TOP)] == ["machine"]


def test_the_house_keeps_its_own_rules() -> None:
    assert [str(finding) for finding in lint(TOP, committed(TOP))] == []
