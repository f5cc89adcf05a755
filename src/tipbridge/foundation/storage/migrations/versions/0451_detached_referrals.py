"""A referral that fed a case by mistake is taken out of it, and may be brought back.

Safe with the previous release running: it takes none out, and reads what feeds a case as before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0451"
down_revision = "0450"

# To work out what one referral alone told, all that feed the case are read, also one that is
# closed to who detaches it; nothing of it is shown (ADR 0361).
_BEHIND = """
CREATE FUNCTION tb_parts_in_case(the_case text, the_referral text)
RETURNS TABLE (label text, data_class text, form text, value jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    actor_kind text := coalesce(current_setting('tipbridge.actor_kind', true), '');
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = the_case AND c.erased_at IS NULL)
       OR NOT EXISTS (
            SELECT 1 FROM case_referrals f
             WHERE f.case_id = the_case AND f.referral_id = the_referral
             UNION ALL SELECT 1 FROM case_detachments d
             WHERE d.case_id = the_case AND d.referral_id = the_referral) THEN
        RETURN;
    END IF;
    PERFORM set_config('tipbridge.actor_kind', 'system', true);
    RETURN QUERY
        SELECT p.label, p.data_class, p.form, p.value
          FROM referral_parts p WHERE p.referral_id = the_referral;
    PERFORM set_config('tipbridge.actor_kind', actor_kind, true);
END $$
"""


def upgrade() -> None:
    """Make the table and the function, and let rows that a referral alone brought go."""
    short_locks()
    op.execute("""
        CREATE TABLE case_detachments (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            referral_id text NOT NULL, because text NOT NULL,
            detached_by text NOT NULL, detached_at timestamptz NOT NULL,
            taken jsonb NOT NULL, numbers jsonb NOT NULL, people jsonb NOT NULL,
            strikes text[] NOT NULL,
            ended_by text, ended_at timestamptz, ended_because text,
            CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
            CHECK ((ended_at IS NULL) = (ended_because IS NULL)))
    """)
    op.execute(
        "CREATE UNIQUE INDEX case_detachments_one ON case_detachments (case_id, referral_id)"
        " WHERE ended_at IS NULL"
    )
    op.execute("CREATE INDEX case_detachments_referral ON case_detachments (referral_id)")
    for column in ("because", "ended_because", "taken", "numbers", "people"):
        op.execute(f"ALTER TABLE case_detachments ALTER {column} SET STATISTICS 0")
    secure(
        "case_detachments",
        grant="SELECT, INSERT, UPDATE (ended_by, ended_at, ended_because)",
        using="EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)",
    )
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_detachments"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
    op.execute(f"GRANT DELETE ON case_person_referrals TO {APP_ROLE}")
    op.execute(f"GRANT UPDATE (referral_id) ON case_identifiers TO {APP_ROLE}")
    op.execute(f"GRANT UPDATE (referral_id, label) ON removals TO {APP_ROLE}")
    op.execute(_BEHIND)
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_parts_in_case(text, text) TO {APP_ROLE}")
