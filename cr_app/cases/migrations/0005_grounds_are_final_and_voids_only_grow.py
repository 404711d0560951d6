"""Grounds belong to the decision and become final with it; a void is only ever added, and never to a final case.

Locks: CREATE TRIGGER takes SHARE ROW EXCLUSIVE on new tables. A version that is running goes on working.
"""

from django.db import migrations

from cr_app.database.grants import AppendOnly


def trigger(name, when, table, function, each="ROW"):
    """The SQL that makes one trigger and the SQL that takes it away."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_exceptions_and_voids")]

    operations = [
        trigger(
            "cases_exceptiongrounds_stays_final",
            "INSERT OR UPDATE OR DELETE",
            "cases_exceptiongrounds",
            "cases_refuse_change_of_final_row",
        ),
        trigger("cases_void_stays_final", "INSERT", "cases_void", "cases_refuse_change_of_final_row"),
        trigger("cases_void_only_grows", "UPDATE OR DELETE", "cases_void", "cases_refuse_change"),
        *[
            trigger(f"{table}_is_never_emptied", "TRUNCATE", table, "cases_refuse_emptying", each="STATEMENT")
            for table in ("cases_exceptiongrounds", "cases_void")
        ],
        AppendOnly("cases_void"),
    ]
