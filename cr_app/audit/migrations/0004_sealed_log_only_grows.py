"""The sealed log only grows, and the sealer's role alone adds to it; the retention role alone deletes personal values.

Triggers refuse UPDATE, DELETE and TRUNCATE of the log's tables to everybody, as they do for the trail. On the two
tables of personal values DELETE is let through for the retention role by name.

Locks: CREATE TRIGGER takes SHARE ROW EXCLUSIVE on its table, DROP TRIGGER ACCESS EXCLUSIVE; catalogue changes of
milliseconds. A version that is running neither deletes personal values nor knows the new tables, so it goes on working.
"""

from django.db import migrations
from psycopg import sql

from cr_app.database.grants import GiveTo, ReadOnly, role_of

LOG = ("audit_leaf", "audit_subtree", "audit_checkpoint")
PERSONAL = ("audit_entrypersonal", "audit_accesspersonal")
OF_SEALER = ("audit_entry", "audit_access", *LOG)
OF_RETENTION = ("audit_entry", "audit_access", *PERSONAL)

FUNCTION = """
CREATE FUNCTION audit_refuse_all_but_erasing() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = {role} THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit trail only grows: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = {hint};
END
$$;
"""


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


def guarded_by(table, function):
    """The SQL that has `function` judge each change and deletion of a row."""
    return (
        f"DROP TRIGGER {table}_only_grows ON {table};"
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}();"
    )


def make_function(apps, schema_editor):
    """Make the function, with the name of the retention role in it, and a sentence for whoever calls it otherwise."""
    role = role_of("retention")
    hint = f"Personal values are deleted by the role {role} alone, as it was named when the database was migrated."
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql.SQL(FUNCTION).format(role=sql.Literal(role), hint=sql.Literal(hint)))


def drop_function(apps, schema_editor):
    """Drop it."""
    schema_editor.execute("DROP FUNCTION audit_refuse_all_but_erasing()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_sealed_log")]

    operations = [
        *[migrations.RunSQL(grows(table), may_shrink(table)) for table in LOG],
        *[ReadOnly(table) for table in LOG],
        migrations.RunPython(make_function, drop_function),
        *[
            migrations.RunSQL(
                guarded_by(table, "audit_refuse_all_but_erasing"), guarded_by(table, "audit_refuse_change")
            )
            for table in PERSONAL
        ],
        *[GiveTo("sealer", table) for table in OF_SEALER],
        *[GiveTo("retention", table) for table in OF_RETENTION],
    ]
