"""What came under TLP:RED, or is never to be passed on, holds the places that it names as PAP does.

Not safe with the previous release running: it can't read a place that is held by one of the new words.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0410"
down_revision = "0393"


def upgrade() -> None:
    """Let two words more hold a place, and say them of those that came under one."""
    short_locks()
    op.execute("ALTER TABLE removals DROP CONSTRAINT removals_held_by_check")
    op.execute(
        "ALTER TABLE removals ADD CONSTRAINT removals_held_by_check"
        " CHECK (held_by IN ('PAP:RED', 'PAP:AMBER', 'TLP:RED', 'onward:never'))"
    )
    op.execute("""
        UPDATE removals v SET held_by = p.word FROM (
            SELECT referral_id,
                   max(CASE WHEN value -> 'conditions' ->> 'onward' = 'never'
                            THEN 'onward:never' ELSE 'TLP:RED' END) AS word
              FROM referral_parts
             WHERE label LIKE 'release/%'
               AND (value ->> 'tlp' = 'TLP:RED'
                    OR value -> 'conditions' ->> 'onward' = 'never')
             GROUP BY referral_id) p
         WHERE p.referral_id = v.referral_id AND v.held_by IS NULL
    """)
