"""A receiver knows what it granted and asked for, so that more than that is not let in.

Safe with the previous release running: a request that it grants meanwhile covers nothing here,
and is granted again.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0210"
down_revision = "0201"

_FILL = """
    UPDATE grants g SET
        allowed = ARRAY(SELECT jsonb_array_elements_text(r.answer -> 'allowed')),
        offences = r.offences
      FROM release_requests r WHERE r.id = g.request_id AND r.answer IS NOT NULL
"""
_ASKED = """
    INSERT INTO asked_classes (peer_id, data_class, asked_at)
    SELECT b.peer_id, c.data_class, min(s.at)
      FROM referral_sayings s JOIN referrals r ON r.id = s.referral_id
      JOIN referrals b ON b.direction = 'in' AND b.id IN (r.id, r.source_id)
      JOIN (VALUES ('lacked-account', 'account'), ('lacked-address', 'ip'), ('lacked-time', 'ip'),
                   ('lacked-port', 'ip'), ('lacked-file', 'content')) c (why, data_class)
        ON c.why = s.why
     WHERE s.word = 'returned'
     GROUP BY b.peer_id, c.data_class
"""


def upgrade() -> None:
    """Add what a grant covers, and the classes that were asked of a peer."""
    short_locks()
    op.execute("""
        ALTER TABLE grants ADD allowed text[] NOT NULL DEFAULT '{}',
            ADD offences text[] NOT NULL DEFAULT '{}'
    """)
    op.execute(_FILL)
    op.execute("""
        CREATE TABLE asked_classes (
            peer_id text NOT NULL REFERENCES peers (node_id), data_class text NOT NULL,
            asked_at timestamptz NOT NULL, PRIMARY KEY (peer_id, data_class))
    """)
    secure("asked_classes", grant="SELECT, INSERT")
    op.execute(_ASKED)
