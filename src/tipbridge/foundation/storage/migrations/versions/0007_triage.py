"""What was worked out of each report, where it stands in the queue, and leads."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0007"
down_revision = "0006"

_OF_REPORT = "EXISTS (SELECT 1 FROM reports r WHERE r.id = report_id)"
_OF_TIP = "bigint NOT NULL REFERENCES tip_enrichments (report_id) ON DELETE CASCADE"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _enrichment()
    _look_ups()
    _triage()
    _leads()


def _enrichment() -> None:
    op.execute("""
        CREATE TABLE tip_enrichments (
            report_id bigint PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
            enriched_at timestamptz NOT NULL)
    """)
    secure("tip_enrichments", grant="SELECT, INSERT, DELETE", using=_OF_REPORT)
    op.execute(f"""
        CREATE TABLE tip_ip_facts (
            report_id {_OF_TIP}, label text NOT NULL, address text NOT NULL,
            reach text NOT NULL, prefix text NOT NULL, country text,
            asn bigint, network text, network_kind text,
            source_file text, source_sha256 text, source_built_at timestamptz,
            PRIMARY KEY (report_id, label))
    """)
    secure("tip_ip_facts", grant="SELECT, INSERT", using=_OF_REPORT)
    op.execute(f"""
        CREATE TABLE tip_person_facts (
            report_id {_OF_TIP}, person int NOT NULL, role text NOT NULL,
            country text, confidence text NOT NULL, reasons jsonb NOT NULL,
            place_kind text, place_service text,
            PRIMARY KEY (report_id, person))
    """)
    secure("tip_person_facts", grant="SELECT, INSERT", using=_OF_REPORT)
    op.execute(f"""
        CREATE TABLE tip_favours (
            report_id {_OF_TIP}, number int NOT NULL, kind text NOT NULL,
            about text NOT NULL, text text NOT NULL,
            PRIMARY KEY (report_id, number))
    """)
    secure("tip_favours", grant="SELECT, INSERT", using=_OF_REPORT)


def _look_ups() -> None:
    op.execute(f"""
        CREATE TABLE tip_duplicates (
            report_id {_OF_TIP}, file_id text NOT NULL, sha256 text NOT NULL,
            first_report_id bigint NOT NULL, earlier_reports int NOT NULL,
            PRIMARY KEY (report_id, file_id))
    """)
    secure("tip_duplicates", grant="SELECT, INSERT", using=_OF_REPORT)
    op.execute(f"""
        CREATE TABLE tip_list_hits (
            report_id {_OF_TIP}, file_id text NOT NULL, list_id text NOT NULL,
            list_name text NOT NULL, purpose text NOT NULL, mark text,
            PRIMARY KEY (report_id, file_id, list_id))
    """)
    secure("tip_list_hits", grant="SELECT, INSERT", using=_OF_REPORT)


def _triage() -> None:
    op.execute("""
        CREATE TABLE tip_triage (
            report_id bigint PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
            queue text NOT NULL, child_path boolean NOT NULL, reasons jsonb NOT NULL,
            incident_type text NOT NULL,
            triaged_at timestamptz NOT NULL, assigned_at timestamptz)
    """)
    secure("tip_triage", grant="SELECT, INSERT, UPDATE", using=_OF_REPORT)


def _leads() -> None:
    op.execute("""
        CREATE TABLE leads (
            id text PRIMARY KEY,
            source text NOT NULL CHECK (source IN ('tip', 'own-grounds')),
            report_id bigint REFERENCES reports (id),
            person_index int NOT NULL CHECK (person_index >= 0),
            identifiers jsonb NOT NULL, grounds text NOT NULL,
            incident_type text NOT NULL, suspicion text, grade text,
            unit_id int NOT NULL REFERENCES units (id),
            restricted boolean NOT NULL DEFAULT false, members text[] NOT NULL DEFAULT '{}',
            state text NOT NULL, opened_at timestamptz NOT NULL, opened_by text NOT NULL,
            CHECK ((source = 'tip') = (report_id IS NOT NULL)),
            UNIQUE (report_id, person_index))
    """)
    secure("leads", grant="SELECT, INSERT, UPDATE", using="tb_sees(unit_id, restricted, members)")
