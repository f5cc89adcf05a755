"""When a reported address was seen is kept with the person, beside the address.

Safe with the previous release running: it asks for none, and what it takes meanwhile has none.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0430"
down_revision = "0421"

# What was taken before and stands in its normal form as the referral wrote it.
_KEPT_BEFORE = r"""
    INSERT INTO case_sightings
           (person_id, case_id, referral_id, label, kind, scope, value, at, port, event)
    SELECT m.person_id, m.case_id, m.referral_id, p.label, i.kind, i.scope, i.value,
           CASE WHEN p.value ->> 'at' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$'
                 AND pg_input_is_valid(p.value ->> 'at', 'timestamptz')
                THEN (p.value ->> 'at')::timestamptz END,
           CASE WHEN p.value ->> 'port' ~ '^[1-9]\d{0,4}$'
                 AND (p.value ->> 'port')::int <= 65535 THEN (p.value ->> 'port')::int END,
           p.value ->> 'event'
      FROM case_person_referrals m
      JOIN referral_parts p ON p.referral_id = m.referral_id AND p.form = 'exact'
       AND starts_with(p.label, m.label || '/ips/')
      JOIN case_identifiers i ON i.person_id = m.person_id AND i.kind = 'ip'
       AND i.value = p.value ->> 'address'
     WHERE jsonb_typeof(p.value) = 'object' AND p.value ?| ARRAY['at', 'port', 'event']
       AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = m.case_id AND c.erased_at IS NOT NULL)
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Make the table; a sighting goes with its person to another case."""
    short_locks()
    op.execute("""
        CREATE TABLE case_sightings (
            person_id text NOT NULL, case_id text NOT NULL REFERENCES cases (id),
            referral_id text NOT NULL, label text NOT NULL,
            kind text NOT NULL, scope text NOT NULL, value text NOT NULL,
            at timestamptz, port int CHECK (port BETWEEN 1 AND 65535), event text,
            PRIMARY KEY (person_id, referral_id, label),
            CONSTRAINT case_sightings_follow FOREIGN KEY (person_id, case_id)
                REFERENCES case_people (id, case_id) ON UPDATE CASCADE)
    """)
    op.execute("CREATE INDEX case_sightings_case ON case_sightings (case_id)")
    for column in ("referral_id", "label", "scope", "value", "event"):
        op.execute(f"ALTER TABLE case_sightings ALTER {column} SET STATISTICS 0")
    secure(
        "case_sightings",
        grant="SELECT, INSERT, DELETE, UPDATE (person_id)",
        using="EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)",
    )
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_sightings"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
    op.execute(_KEPT_BEFORE)
