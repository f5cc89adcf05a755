"""No log line quotes an error or a variable."""

import io
import logging
from collections.abc import Generator

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tipbridge.foundation.base.logs import configure_logs

SECRET = "canary-of-a-person"


@pytest.fixture
def written() -> Generator[io.StringIO]:
    """What is logged."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    found = io.StringIO()
    configure_logs(found)
    yield found
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def test_a_fault_is_logged_by_type_and_place_alone(
    written: io.StringIO, database: Database
) -> None:
    name = SECRET
    with database.owner.begin() as db:
        db.execute(text("CREATE TABLE probe (name text PRIMARY KEY)"))
    for logger in (structlog.get_logger("tipbridge"), logging.getLogger("procrastinate")):
        try:
            with database.owner.begin() as db:
                for _ in range(2):
                    db.execute(text("INSERT INTO probe VALUES (:name)"), {"name": name})
        except IntegrityError:
            logger.exception("periodic work failed")
    lines = written.getvalue()
    assert lines.count("periodic work failed") == 2
    assert lines.count("UniqueViolation") >= 1
    assert "test_a_fault_is_logged_by_type_and_place_alone" in lines
    assert SECRET not in lines


@pytest.mark.parametrize(("least", "lines"), [(logging.INFO, 2), (logging.WARNING, 1)])
def test_lines_below_the_least_level_are_not_written(
    written: io.StringIO, least: int, lines: int
) -> None:
    configure_logs(written, least=least)
    logger = structlog.get_logger("tipbridge")
    logger.info("refused")
    logger.warning("slow")
    assert len(written.getvalue().splitlines()) == lines
