"""Legal holds, records of what was erased, and the one way in which rows of a case end."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0041"
down_revision = "0040"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
_PATH = "SET search_path = pg_catalog, public, pg_temp"

# Follows the foreign keys, so that a table made later is erased without being named here.
# The rows of a person or case go, those that name it as another one stay.
_ROWS = f"""
CREATE FUNCTION tb_erase_rows(the_table regclass, which text, itself boolean) RETURNS bigint
LANGUAGE plpgsql {_PATH} AS $$
DECLARE
    link record;
    gone bigint := 0;
    hit bigint;
BEGIN
    FOR link IN
        SELECT c.conrelid::regclass AS child,
            (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n)
               FROM unnest(c.conkey) WITH ORDINALITY k (num, n)
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num) AS own,
            (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n)
               FROM unnest(c.confkey) WITH ORDINALITY k (num, n)
               JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num) AS theirs
          FROM pg_constraint c
         WHERE c.contype = 'f' AND c.confrelid = the_table AND c.conrelid <> the_table
         ORDER BY c.conrelid::regclass::text, c.conname
    LOOP
        CONTINUE WHEN link.child::text IN ('case_referrals', 'case_erasures');
        CONTINUE WHEN the_table = 'cases'::regclass AND link.own <> 'case_id';
        gone := gone + tb_erase_rows(link.child,
            format('(%s) IN (SELECT %s FROM %s WHERE %s)', link.own, link.theirs, the_table, which),
            true);
    END LOOP;
    IF itself THEN
        EXECUTE format('DELETE FROM %s WHERE %s', the_table, which);
        GET DIAGNOSTICS hit = ROW_COUNT;
        IF hit > 0 THEN
            INSERT INTO ended_texts VALUES (the_table::text, clock_timestamp())
                ON CONFLICT DO NOTHING;
        END IF;
        gone := gone + hit;
    END IF;
    RETURN gone;
END $$
"""

# Holds are asked for under the case's lock, which whoever places one takes too.
_OPEN = """
    IF NOT tb_system() THEN
        RAISE EXCEPTION 'only the worker erases';
    END IF;
    PERFORM 1 FROM cases WHERE id = the_case AND erased_at IS NULL FOR UPDATE;
    IF NOT FOUND OR EXISTS (
        SELECT 1 FROM case_holds WHERE case_id = the_case AND lifted_at IS NULL) THEN
        RETURN -1;
    END IF;
"""
_PERSON = f"""
CREATE FUNCTION tb_erase_person(the_case text, the_person text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER {_PATH} AS $$
BEGIN
    {_OPEN}
    RETURN tb_erase_rows('case_people', format('id = %L AND case_id = %L', the_person, the_case),
        true);
END $$
"""
_CASE = f"""
CREATE FUNCTION tb_erase_case(the_case text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER {_PATH} AS $$
DECLARE
    gone bigint;
    hit bigint;
BEGIN
    {_OPEN}
    gone := tb_erase_rows('cases', format('id = %L', the_case), false);
    DELETE FROM referral_parts p WHERE p.referral_id IN (SELECT tb_referrals_of(the_case));
    GET DIAGNOSTICS hit = ROW_COUNT;
    IF hit > 0 THEN
        INSERT INTO ended_texts VALUES ('referral_parts', clock_timestamp())
            ON CONFLICT DO NOTHING;
    END IF;
    UPDATE cases SET erased_at = at WHERE id = the_case;
    RETURN gone + hit;
END $$
"""
_REFERRALS = """
CREATE FUNCTION tb_referrals_of(the_case text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT r.referral_id FROM case_referrals r
     WHERE r.case_id = the_case AND NOT EXISTS (
        SELECT 1 FROM case_referrals o JOIN cases c ON c.id = o.case_id
         WHERE o.referral_id = r.referral_id AND o.case_id <> the_case AND c.erased_at IS NULL)
$$
"""


def upgrade() -> None:
    """Make the tables and the functions."""
    short_locks()
    op.execute("ALTER TABLE cases ADD COLUMN erased_at timestamptz")
    op.execute("""
        CREATE TABLE case_holds (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            ground text NOT NULL, words text NOT NULL,
            placed_by text NOT NULL, placed_at timestamptz NOT NULL,
            lifted_by text, lifted_at timestamptz, lifted_words text,
            CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)))
    """)
    op.execute("CREATE UNIQUE INDEX case_holds_one ON case_holds (case_id) WHERE lifted_at IS NULL")
    secure(
        "case_holds",
        grant="SELECT, INSERT, UPDATE (lifted_by, lifted_at, lifted_words)",
        using=_IN_CASE,
    )
    # What was erased is kept without anybody's data: ids, closed words, days and counts.
    op.execute("""
        CREATE TABLE case_erasures (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            erased_person text, outcome text NOT NULL, rule text NOT NULL,
            citation text NOT NULL, citation_ko text NOT NULL, mark text NOT NULL,
            kept_days int NOT NULL, ended_on date NOT NULL, due_on date NOT NULL,
            rows_gone bigint NOT NULL, packages text[] NOT NULL,
            erased_at timestamptz NOT NULL, keys_gone_at timestamptz)
    """)
    op.execute("CREATE INDEX case_erasures_case ON case_erasures (case_id)")
    secure("case_erasures", grant="SELECT, INSERT, UPDATE (keys_gone_at)", using=_IN_CASE)
    for function in (_ROWS, _REFERRALS, _PERSON, _CASE):
        op.execute(function)
    for name in (
        "tb_erase_rows(regclass, text, boolean)",
        "tb_erase_person(text, text)",
        "tb_erase_case(text, timestamptz)",
    ):
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_erase_person(text, text) TO {APP_ROLE}")
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_erase_case(text, timestamptz) TO {APP_ROLE}")
