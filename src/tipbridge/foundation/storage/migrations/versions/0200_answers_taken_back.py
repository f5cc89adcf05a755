"""What an answer said is taken back, an end of a demand did not stand, and a draft is dropped.

Safe with the previous release running: it shows what was taken back as it showed it before, and
lets a dropped draft wait for the release that knows the word.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0200"
down_revision = "0191"


def upgrade() -> None:
    """Add the columns and the table of ends that no longer stand; it follows its demand."""
    short_locks()
    op.execute("""
        ALTER TABLE case_demands DROP CONSTRAINT case_demands_check2,
            ADD CONSTRAINT case_demands_sent
                CHECK ((state IN ('drafted', 'dropped')) = (sent_at IS NULL)),
            ADD CONSTRAINT case_demands_in_case UNIQUE (id, case_id)
    """)
    op.execute("""
        ALTER TABLE case_facts ADD withdrawn_by text, ADD withdrawn_at timestamptz,
            ADD because text,
            ADD CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
            ADD CHECK ((withdrawn_at IS NULL) = (because IS NULL)),
            ALTER because SET STATISTICS 0
    """)
    op.execute(f"GRANT UPDATE (withdrawn_by, withdrawn_at, because) ON case_facts TO {APP_ROLE}")
    op.execute("""
        CREATE TABLE case_demand_ends (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            demand_id text NOT NULL, state text NOT NULL, words text,
            ended_at timestamptz NOT NULL, because text,
            replaced_by text NOT NULL, replaced_at timestamptz NOT NULL,
            CONSTRAINT case_demand_ends_follow FOREIGN KEY (demand_id, case_id)
                REFERENCES case_demands (id, case_id) ON UPDATE CASCADE)
    """)
    op.execute("CREATE INDEX case_demand_ends_case ON case_demand_ends (case_id)")
    op.execute("CREATE INDEX case_demand_ends_demand ON case_demand_ends (demand_id)")
    for column in ("words", "because"):
        op.execute(f"ALTER TABLE case_demand_ends ALTER {column} SET STATISTICS 0")
    secure(
        "case_demand_ends",
        grant="SELECT, INSERT",
        using="EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)",
    )
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_demand_ends"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
