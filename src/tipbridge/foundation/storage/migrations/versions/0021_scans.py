"""Scanners, what they asked, the drafts that came of it, and alarms."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0021"
down_revision = "0020"

_OF_FILING = "EXISTS (SELECT 1 FROM filings f WHERE f.id = filing_id)"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    op.execute("""
        CREATE TABLE scanners (
            id text PRIMARY KEY, name text NOT NULL UNIQUE, token_digest bytea NOT NULL UNIQUE,
            unit_id int NOT NULL REFERENCES units (id),
            added_at timestamptz NOT NULL, added_by text NOT NULL,
            used_at timestamptz, ended_at timestamptz)
    """)
    secure("scanners", grant="SELECT, INSERT, UPDATE (used_at, ended_at)")
    op.execute("""
        CREATE TABLE scans (
            id text PRIMARY KEY, scanner_id text REFERENCES scanners (id),
            at timestamptz NOT NULL, asked int NOT NULL CHECK (asked > 0),
            hits int NOT NULL CHECK (hits BETWEEN 0 AND asked),
            bare_hits int NOT NULL CHECK (bare_hits BETWEEN 0 AND hits))
    """)
    op.execute("CREATE INDEX scans_of ON scans (scanner_id, at)")
    op.execute("CREATE INDEX scans_at ON scans (at)")
    secure("scans", grant="SELECT, INSERT, DELETE")
    # Of what was no hit nothing is kept: it is somebody's file, and no concern of ours.
    op.execute("""
        CREATE TABLE scan_hits (
            scan_id text NOT NULL REFERENCES scans (id) ON DELETE CASCADE, position int NOT NULL,
            digest text NOT NULL, PRIMARY KEY (scan_id, position))
    """)
    secure("scan_hits", grant="SELECT, INSERT, DELETE")
    op.execute("""
        CREATE TABLE scan_drafts (
            offer bytea PRIMARY KEY, filing_id text NOT NULL REFERENCES filings (id))
    """)
    secure("scan_drafts", grant="SELECT, INSERT, DELETE", using=_OF_FILING)
    op.execute("""
        CREATE TABLE scan_alarms (
            id text PRIMARY KEY, scanner_id text NOT NULL REFERENCES scanners (id),
            sign text NOT NULL CHECK (sign IN ('too-many', 'digests-without-files',
                                               'same-hit-again')),
            at timestamptz NOT NULL, seen_at timestamptz, seen_by text, grounds text,
            CHECK ((seen_at IS NULL) = (seen_by IS NULL)))
    """)
    op.execute(
        "CREATE UNIQUE INDEX scan_alarms_open ON scan_alarms (scanner_id, sign)"
        " WHERE seen_at IS NULL"
    )
    secure("scan_alarms", grant="SELECT, INSERT, UPDATE (seen_at, seen_by, grounds)")
