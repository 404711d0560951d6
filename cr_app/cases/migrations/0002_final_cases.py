"""A final case stays as it is: the database refuses every change of its decision and of all its rows.

A case is final from `issued` on, and when it was withdrawn or not used. Afterwards only its status may move on, along the
lifecycle. Snapshots, changes of status and signatures are only ever added.

Locks: CREATE TRIGGER takes SHARE ROW EXCLUSIVE on its table for milliseconds. A version that is running goes on working.
"""

from django.db import migrations

from cr_app.database.grants import APPEND, AppendOnly, HoldTo

CHILDREN = (
    "cases_offender",
    "cases_victim",
    "cases_caseoffence",
    "cases_earlierdisposal",
    "cases_agreedaction",
)
ONLY_ADDED = ("cases_snapshot", "cases_signature", "cases_statuschange")

FUNCTIONS = """
CREATE FUNCTION cases_is_final(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT status IN ('issued', 'completed', 'not_complied', 'rescinded', 'not_used', 'withdrawn')
$$;

CREATE FUNCTION cases_refuse_change_of_final_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['status', 'version', 'changed_at', 'changed_by_id'];
BEGIN
    IF NOT cases_is_final(OLD.status) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE'
        AND (OLD.status, NEW.status) IN (
            ('issued', 'completed'), ('issued', 'not_complied'), ('not_complied', 'completed'),
            ('issued', 'rescinded'), ('completed', 'rescinded'), ('not_complied', 'rescinded')
        )
        AND to_jsonb(OLD) - moving = to_jsonb(NEW) - moving
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Case % is final: % is refused.', OLD.reference, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION cases_refuse_change_of_final_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owning bigint[];
    final_reference text;
BEGIN
    -- An update may not carry a row from one case to another, so both are looked at.
    IF TG_OP = 'INSERT' THEN owning := ARRAY[NEW.case_id];
    ELSIF TG_OP = 'DELETE' THEN owning := ARRAY[OLD.case_id];
    ELSE owning := ARRAY[OLD.case_id, NEW.case_id];
    END IF;
    -- The share lock makes a change wait for an issue under way, and then refuses it.
    PERFORM 1 FROM cases_case WHERE id = ANY (owning) FOR SHARE;
    SELECT reference INTO final_reference FROM cases_case WHERE id = ANY (owning) AND cases_is_final(status) LIMIT 1;
    IF final_reference IS NOT NULL THEN
        RAISE EXCEPTION 'Case % is final: % on % is refused.', final_reference, TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: it is only ever added to.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION cases_refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Emptying % is refused: it may hold final cases.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION cases_refuse_emptying();
DROP FUNCTION cases_refuse_change();
DROP FUNCTION cases_refuse_change_of_final_row();
DROP FUNCTION cases_refuse_change_of_final_case();
DROP FUNCTION cases_is_final(text);
"""


def trigger(name, when, table, function, each="ROW"):
    """The SQL that makes one trigger and the SQL that takes it away."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        trigger("cases_case_stays_final", "UPDATE OR DELETE", "cases_case", "cases_refuse_change_of_final_case"),
        *[
            trigger(f"{table}_stays_final", "INSERT OR UPDATE OR DELETE", table, "cases_refuse_change_of_final_row")
            for table in CHILDREN
        ],
        *[
            trigger(f"{table}_stays_final", "INSERT", table, "cases_refuse_change_of_final_row")
            for table in ("cases_snapshot", "cases_signature")
        ],
        *[trigger(f"{table}_only_grows", "UPDATE OR DELETE", table, "cases_refuse_change") for table in ONLY_ADDED],
        *[
            trigger(f"{table}_is_never_emptied", "TRUNCATE", table, "cases_refuse_emptying", each="STATEMENT")
            for table in ("cases_case", *CHILDREN, *ONLY_ADDED)
        ],
        *[AppendOnly(table) for table in ONLY_ADDED],
        *[HoldTo(table, APPEND | {"UPDATE"}) for table in ("cases_case", "cases_offender")],
    ]
