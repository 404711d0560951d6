"""Flags and their reviews are only ever added; a check of the trail is never deleted.

Locks: CREATE TRIGGER takes SHARE ROW EXCLUSIVE on its table, GRANT and REVOKE none; all are catalogue changes of
milliseconds on tables that no running version knows.
"""

from django.db import migrations

from cr_app.database.grants import APPEND, AppendOnly, HoldTo

ADDED_TO = ("oversight_flag", "oversight_flagreview", "oversight_flagrun")


def grows(table):
    """The SQL that makes one table refuse changes."""
    return (
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();"
        f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();"
    )


def may_shrink(table):
    """The SQL that lets it be changed."""
    return f"DROP TRIGGER {table}_is_never_emptied ON {table}; DROP TRIGGER {table}_only_grows ON {table};"


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_oversight"), ("audit", "0004_sealed_log_only_grows")]

    operations = [
        *[migrations.RunSQL(grows(table), may_shrink(table)) for table in ADDED_TO],
        *[AppendOnly(table) for table in ADDED_TO],
        HoldTo("oversight_integritycheck", APPEND | {"UPDATE"}),
    ]
