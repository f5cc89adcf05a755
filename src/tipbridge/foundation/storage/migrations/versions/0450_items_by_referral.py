r"""A file of a case stands once for each referral that names it, also one without a SHA-256.

Safe with the previous release running: it counts a file that two referrals name twice meanwhile.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0450"
down_revision = "0440"


def _hex(member: str, digits: int, part: str) -> str:
    said = f"lower(p.value ->> '{member}')"
    return (
        f"max(CASE WHEN p.label LIKE '%/{part}' AND {said} ~ '^[0-9a-f]{{{digits}}}$'"
        f" THEN {said} END)"
    )


# Of each file the table knew the referral that named it first; the others say so in their parts.
_NAMED_SINCE = rf"""
    INSERT INTO case_items (case_id, sha256, sha1, md5, size_bytes, referral_id, label, added_at)
    SELECT * FROM (
        SELECT f.case_id, coalesce({_hex("sha256", 64, "digests")}, {_hex("sha256", 64, "content")})
                   AS sha256,
               {_hex("sha1", 40, "digests")} AS sha1, {_hex("md5", 32, "digests")} AS md5,
               max(CASE WHEN p.value ->> 'size_bytes' ~ '^\d{{1,18}}$'
                    THEN (p.value ->> 'size_bytes')::bigint END),
               f.referral_id, s.stem, f.taken_at
          FROM case_referrals f
          JOIN cases c ON c.id = f.case_id AND c.erased_at IS NULL
          JOIN referral_parts p ON p.referral_id = f.referral_id AND p.form = 'exact'
           AND p.label ~ '^files/[^/]+/(digests|content)$'
          CROSS JOIN LATERAL (SELECT 'files/' || split_part(p.label, '/', 2) AS stem) s
         GROUP BY f.case_id, f.referral_id, s.stem, f.taken_at) said
     WHERE num_nonnulls(said.sha256, said.sha1, said.md5) > 0
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Widen the key, and add what referrals named of files that were known already."""
    short_locks()
    op.execute("""
        ALTER TABLE case_items DROP CONSTRAINT case_items_pkey, ALTER sha256 DROP NOT NULL,
            ADD PRIMARY KEY (case_id, referral_id, label),
            ADD CHECK (num_nonnulls(sha256, sha1, md5) > 0)
    """)
    op.execute("CREATE INDEX case_items_of_case ON case_items (case_id, sha256)")
    op.execute(_NAMED_SINCE)
