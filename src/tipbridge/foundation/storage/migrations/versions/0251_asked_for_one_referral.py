"""What was asked of a peer was asked for one referral, not for all that follow.

Safe with the previous release running: what it asks for meanwhile names no referral and lets
nothing in here; it is returned again.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0251"
down_revision = "0250"

_ASKED = """
    INSERT INTO asked_classes (peer_id, package_id, data_class, asked_at)
    SELECT b.peer_id, b.package_id, c.data_class, min(s.at)
      FROM referral_sayings s JOIN referrals r ON r.id = s.referral_id
      JOIN referrals b ON b.direction = 'in' AND b.id IN (r.id, r.source_id)
      JOIN (VALUES ('lacked-account', 'account'), ('lacked-address', 'ip'), ('lacked-time', 'ip'),
                   ('lacked-port', 'ip'), ('lacked-file', 'content')) c (why, data_class)
        ON c.why = s.why
     WHERE s.word = 'returned' AND b.package_id IS NOT NULL
     GROUP BY b.peer_id, b.package_id, c.data_class
"""


def upgrade() -> None:
    """Bind each asked class to the package that was returned for the lack of it."""
    short_locks()
    op.execute("ALTER TABLE asked_classes ADD COLUMN package_id text NOT NULL DEFAULT ''")
    op.execute("""
        ALTER TABLE asked_classes DROP CONSTRAINT asked_classes_pkey,
            ADD PRIMARY KEY (peer_id, package_id, data_class)
    """)
    op.execute("DELETE FROM asked_classes")
    op.execute(_ASKED)
