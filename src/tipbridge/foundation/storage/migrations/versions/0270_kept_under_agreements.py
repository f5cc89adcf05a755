"""What came under an agreement is kept as long as it says, reviewed, deleted, and its end proved.

Safe with the previous release running: it knows neither the table nor the function.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0270"
down_revision = "0263"

# A case that stands is kept by its own law; nobody deletes from under it.
_ERASE = """
CREATE FUNCTION tb_erase_referral(the_referral text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    hit bigint;
BEGIN
    IF NOT tb_system() THEN
        RAISE EXCEPTION 'only the worker erases';
    END IF;
    PERFORM 1 FROM referrals WHERE id = the_referral AND direction = 'in' FOR UPDATE;
    IF NOT FOUND OR EXISTS (
        SELECT 1 FROM case_referrals r JOIN cases c ON c.id = r.case_id
         WHERE r.referral_id = the_referral AND c.erased_at IS NULL) THEN
        RETURN -1;
    END IF;
    DELETE FROM referral_parts WHERE referral_id = the_referral;
    GET DIAGNOSTICS hit = ROW_COUNT;
    IF hit > 0 THEN
        INSERT INTO ended_texts VALUES ('referral_parts', clock_timestamp())
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN hit;
END $$
"""


def upgrade() -> None:
    """Add the days of each referral, and the way its parts end."""
    short_locks()
    op.execute("""
        CREATE TABLE kept_referrals (
            referral_id text PRIMARY KEY REFERENCES referrals (id), agreement_id text NOT NULL,
            review_at timestamptz, keep_until timestamptz,
            proof boolean NOT NULL, proof_due_at timestamptz,
            finding text, reviewed_by text REFERENCES staff (id), reviewed_at timestamptz,
            held_at timestamptz, deleted_at timestamptz, ended_at timestamptz,
            CHECK ((finding IS NULL) = (reviewed_by IS NULL)),
            CHECK ((finding IS NULL) = (reviewed_at IS NULL)))
    """)
    op.execute("""
        CREATE INDEX kept_referrals_until ON kept_referrals (keep_until)
         WHERE deleted_at IS NULL AND held_at IS NULL
    """)
    op.execute("""
        CREATE INDEX kept_referrals_review ON kept_referrals (review_at)
         WHERE finding IS NULL AND deleted_at IS NULL
    """)
    op.execute("""
        CREATE INDEX kept_referrals_proof ON kept_referrals (proof_due_at) WHERE ended_at IS NULL
    """)
    op.execute("""
        CREATE INDEX kept_referrals_ending ON kept_referrals (deleted_at)
         WHERE deleted_at IS NOT NULL AND ended_at IS NULL
    """)
    op.execute("""
        CREATE INDEX kept_referrals_unneeded ON kept_referrals (reviewed_at)
         WHERE finding = 'not-needed' AND deleted_at IS NULL AND held_at IS NULL
    """)
    secure(
        "kept_referrals",
        grant="SELECT, INSERT, UPDATE "
        "(finding, reviewed_by, reviewed_at, held_at, deleted_at, ended_at)",
        using="EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id)",
    )
    op.execute(_ERASE)
    op.execute("REVOKE ALL ON FUNCTION tb_erase_referral(text) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_erase_referral(text) TO {APP_ROLE}")
