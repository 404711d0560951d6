"""What was imported, worked out, proposed and released is only ever added; a batch is closed once it is complete.

Locks: CREATE FUNCTION none, CREATE TRIGGER takes SHARE ROW EXCLUSIVE on its table, GRANT and REVOKE none; all are catalogue
changes of milliseconds on tables that no running version knows.
"""

from django.db import migrations

from cr_app.database.grants import APPEND, AppendOnly, HoldTo

ADDED_TO = (
    "disclosure_cellchoice",
    "disclosure_importedcase",
    "disclosure_importedoffence",
    "disclosure_importreject",
    "disclosure_proposal",
    "disclosure_publishedtotal",
    "disclosure_release",
    "disclosure_totalwithdrawal",
    "disclosure_workedout",
)


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


CLOSED = """
CREATE FUNCTION disclosure_batch_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.completed_at IS NOT NULL THEN
        RAISE EXCEPTION 'import % is complete: it cannot be changed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disclosure_importbatch_is_closed BEFORE UPDATE ON disclosure_importbatch
    FOR EACH ROW EXECUTE FUNCTION disclosure_batch_is_closed();
CREATE TRIGGER disclosure_importbatch_stays BEFORE DELETE ON disclosure_importbatch
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER disclosure_importbatch_is_never_emptied BEFORE TRUNCATE ON disclosure_importbatch
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- What is complete takes no more rows.
CREATE FUNCTION disclosure_batch_takes_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_rows JOIN disclosure_importbatch batch ON batch.id = new_rows.batch_id
        WHERE batch.completed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a complete import takes no more rows' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER disclosure_importedcase_is_of_an_open_batch AFTER INSERT ON disclosure_importedcase
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION disclosure_batch_takes_rows();
CREATE TRIGGER disclosure_importedoffence_is_of_an_open_batch AFTER INSERT ON disclosure_importedoffence
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION disclosure_batch_takes_rows();
CREATE TRIGGER disclosure_importreject_is_of_an_open_batch AFTER INSERT ON disclosure_importreject
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION disclosure_batch_takes_rows();

-- A release is of what was proposed for its request, by whom it says.
CREATE FUNCTION disclosure_release_is_of_its_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM disclosure_proposal p
        WHERE p.id = NEW.proposal_id AND p.request_id = NEW.request_id AND p.by_id = NEW.proposed_by_id
    ) THEN
        RAISE EXCEPTION 'a release is of the proposal of its request' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disclosure_release_is_of_its_proposal BEFORE INSERT ON disclosure_release
    FOR EACH ROW EXECUTE FUNCTION disclosure_release_is_of_its_proposal();

-- A request that was released stays as it was then.
CREATE FUNCTION disclosure_request_is_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM disclosure_release WHERE request_id = OLD.id) THEN
        RAISE EXCEPTION 'request % is released: it cannot be changed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disclosure_informationrequest_is_released BEFORE UPDATE ON disclosure_informationrequest
    FOR EACH ROW EXECUTE FUNCTION disclosure_request_is_released();
CREATE TRIGGER disclosure_informationrequest_stays BEFORE DELETE ON disclosure_informationrequest
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER disclosure_informationrequest_is_never_emptied BEFORE TRUNCATE ON disclosure_informationrequest
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
OPENED = """
DROP TRIGGER disclosure_informationrequest_is_never_emptied ON disclosure_informationrequest;
DROP TRIGGER disclosure_informationrequest_stays ON disclosure_informationrequest;
DROP TRIGGER disclosure_informationrequest_is_released ON disclosure_informationrequest;
DROP FUNCTION disclosure_request_is_released();
DROP TRIGGER disclosure_release_is_of_its_proposal ON disclosure_release;
DROP FUNCTION disclosure_release_is_of_its_proposal();
DROP TRIGGER disclosure_importreject_is_of_an_open_batch ON disclosure_importreject;
DROP TRIGGER disclosure_importedoffence_is_of_an_open_batch ON disclosure_importedoffence;
DROP TRIGGER disclosure_importedcase_is_of_an_open_batch ON disclosure_importedcase;
DROP FUNCTION disclosure_batch_takes_rows();
DROP TRIGGER disclosure_importbatch_is_never_emptied ON disclosure_importbatch;
DROP TRIGGER disclosure_importbatch_stays ON disclosure_importbatch;
DROP TRIGGER disclosure_importbatch_is_closed ON disclosure_importbatch;
DROP FUNCTION disclosure_batch_is_closed();
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_disclosure"), ("audit", "0004_sealed_log_only_grows")]

    operations = [
        *[migrations.RunSQL(grows(table), may_shrink(table)) for table in ADDED_TO],
        migrations.RunSQL(CLOSED, OPENED),
        *[AppendOnly(table) for table in ADDED_TO],
        HoldTo("disclosure_importbatch", APPEND | {"UPDATE"}),
        HoldTo("disclosure_informationrequest", APPEND | {"UPDATE"}),
    ]
