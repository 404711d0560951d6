"""Fills a database with cases straight into the tables, as its owner: copies of the demo's cases under other officers."""

from django.db.backends.utils import CursorWrapper

# The officer who is measured gets as many of her own in a small database as in a large one.
MEASURED, OWN = "4127", 60
CASES_AN_OFFICER, OFFICERS_A_UNIT = 40, 10

OFFICERS = """
INSERT INTO accounts_unit (name, area, force_id)
SELECT 'Bench team ' || n, '', '01' FROM generate_series(1, %(units)s) AS n;
INSERT INTO accounts_officer (password, warrant_number, email, given_names, family_name, substantive_rank, acting_rank,
    roles, is_active, must_change_password, force_id, unit_id)
SELECT '!', 'B' || n, 'b' || n || '@officers.example', 'Officer', 'Number ' || n, 'Constable', '',
    '{recording_officer}', true, false, '01', unit.id
FROM generate_series(1, %(officers)s) AS n
JOIN accounts_unit AS unit ON unit.name = 'Bench team ' || (1 + (n - 1) / %(per_unit)s);
"""
PLACES = """
CREATE TEMP TABLE template AS
    SELECT id, status, row_number() OVER (ORDER BY id) - 1 AS place FROM cases_case;
CREATE TEMP TABLE copy AS
    SELECT n, nextval(pg_get_serial_sequence('cases_case', 'id')) AS id, template.id AS template, template.status,
        officer.id AS officer, officer.unit_id AS unit, officer.force_id AS force
    FROM generate_series(1, %(copies)s) AS n
    JOIN template ON template.place = n %% (SELECT count(*) FROM template)
    JOIN accounts_officer AS officer ON officer.warrant_number =
        CASE WHEN n <= %(own)s THEN %(measured)s ELSE 'B' || (1 + (n - %(own)s) %% %(officers)s) END;
CREATE INDEX ON copy (template);
"""
# What a copy has of its own, by table; every other column is the template's.
OWN_VALUES = {
    "cases_case": {
        "id": "copy.id",
        "reference": "lpad(upper(to_hex(1048576 + copy.n)), 8, '0')",
        "crime_report_reference": "(7000000 + copy.n) || '/26'",
        "status": "copy.status",
        "is_restricted": "false",
        "created_at": "now() - copy.n * interval '1 minute'",
        "changed_at": "now() - copy.n * interval '1 minute'",
        "officer_id": "copy.officer",
        "recorded_by_id": "copy.officer",
        "changed_by_id": "copy.officer",
        "unit_id": "copy.unit",
        "force_id": "copy.force",
    },
    "cases_offender": {
        "case_id": "copy.id",
        "last_names": "CASE WHEN mod(copy.n, 5) = 0 THEN 'Larkin' ELSE source.last_names END || '-' || copy.n",
        "pnc_id": "CASE WHEN mod(copy.n, 3) = 0 THEN '1999/' || lpad(copy.n::text, 7, '0') || 'A' END",
        "cro_number": "NULL",
    },
    "cases_caseoffence": {"case_id": "copy.id"},
    "cases_victim": {"case_id": "copy.id"},
    "cases_agreedaction": {"case_id": "copy.id", "victim_id": "NULL"},
}


def fill(cursor: CursorWrapper, total: int) -> int:
    """Add cases until there are `total`, sixty of them the measured officer's; return how many there are."""
    copies = total - _count(cursor)
    officers = max(1, copies // CASES_AN_OFFICER)
    wanted: dict[str, int | str] = {
        "copies": copies,
        "own": OWN,
        "measured": MEASURED,
        "officers": officers,
        "units": 1 + officers // OFFICERS_A_UNIT,
        "per_unit": OFFICERS_A_UNIT,
    }
    cursor.execute(OFFICERS, wanted)
    cursor.execute(PLACES, wanted)
    for table, own in OWN_VALUES.items():
        # No case becomes final but by its moves, and none takes rows afterwards: an owner can switch that off.
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        _copy(cursor, table, own)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    cursor.execute("VACUUM ANALYZE")
    return _count(cursor)


def _copy(cursor: CursorWrapper, table: str, own: dict[str, str]) -> None:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", [table]
    )
    columns = [row[0] for row in cursor.fetchall() if row[0] != "id" or "id" in own]
    values = ", ".join(own.get(column, f'source."{column}"') for column in columns)
    source_of = "source.id" if table == "cases_case" else "source.case_id"
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM copy JOIN {table} AS source ON {source_of} = copy.template",  # noqa: S608
        [],
    )


def _count(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT count(*) FROM cases_case")
    return int(cursor.fetchone()[0])
