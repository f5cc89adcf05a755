"""What each migration repeats: row-level security, forced, and least grants."""

from alembic import op

APP_ROLE = "tipbridge_app"


def secure(table: str, *, grant: str, using: str = "tb_acting()", check: str | None = None) -> None:
    """Put `table` behind forced row-level security and give the runtime role `grant`.

    Shape: `using` is an SQL condition on a row; `check` (default: the same) holds for new rows.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY {table}_rows ON {table} USING ({using}) WITH CHECK ({check or using})"
    )
    op.execute(f"GRANT {grant} ON {table} TO {APP_ROLE}")


def short_locks() -> None:
    """Give up rather than queue behind a long transaction."""
    op.execute("SET LOCAL lock_timeout = '5s'")
