"""What is kept after issue is only ever added, and only to a case that was issued; that somebody would not sign, before.

Whether a case was issued is looked at when the transaction ends: its documents are made while it is being issued. So is
whether the action or the victim that a row tells of belongs to its case.

Locks: CREATE TRIGGER takes SHARE ROW EXCLUSIVE on new tables. A version that is running goes on working.
"""

from django.db import migrations

from cr_app.database.grants import AppendOnly

AFTERWARDS = ("cases_document", "cases_actionprogress", "cases_contact", "cases_correction", "cases_rescission")
ONLY_ADDED = (*AFTERWARDS, "cases_signingrefusal", "cases_reminder")

FUNCTION = """
CREATE FUNCTION cases_refuse_row_before_issue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing record;
    told_of jsonb := to_jsonb(NEW);
BEGIN
    SELECT reference, status INTO standing FROM cases_case WHERE id = NEW.case_id;
    IF standing.status NOT IN ('issued', 'completed', 'not_complied', 'rescinded') THEN
        RAISE EXCEPTION 'Case % was not issued: % on % is refused.', standing.reference, TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF told_of ->> 'action_id' IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM cases_agreedaction WHERE id = (told_of ->> 'action_id')::bigint AND case_id = NEW.case_id
    ) OR told_of ->> 'victim_id' IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM cases_victim WHERE id = (told_of ->> 'victim_id')::bigint AND case_id = NEW.case_id
    ) THEN
        RAISE EXCEPTION 'What a row of % tells of is not of case %.', TG_TABLE_NAME, standing.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
"""


def trigger(name, when, table, function, each="ROW"):
    """The SQL that makes one trigger and the SQL that takes it away."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


def trigger_at_end(name, table, function):
    """The SQL that makes a trigger which waits for the end of the transaction, and the SQL that takes it away."""
    return migrations.RunSQL(
        f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_documents_and_what_follows")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION cases_refuse_row_before_issue();"),
        *[trigger_at_end(f"{table}_follows_issue", table, "cases_refuse_row_before_issue") for table in AFTERWARDS],
        trigger(
            "cases_signingrefusal_stays_final",
            "INSERT",
            "cases_signingrefusal",
            "cases_refuse_change_of_final_row",
        ),
        *[trigger(f"{table}_only_grows", "UPDATE OR DELETE", table, "cases_refuse_change") for table in ONLY_ADDED],
        *[
            trigger(f"{table}_is_never_emptied", "TRUNCATE", table, "cases_refuse_emptying", each="STATEMENT")
            for table in ONLY_ADDED
        ],
        *[AppendOnly(table) for table in ONLY_ADDED],
    ]
