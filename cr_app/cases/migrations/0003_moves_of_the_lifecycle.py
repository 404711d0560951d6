"""A case's status moves only along the lifecycle, whoever writes it: the database holds the same pairs as the code.

Locks: CREATE TRIGGER takes SHARE ROW EXCLUSIVE on cases_case for milliseconds. A version that is running goes on working.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION cases_refuse_other_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) IN (
        ('draft', 'ready'), ('draft', 'awaiting_authority'), ('draft', 'referred'),
        ('draft', 'withdrawn'), ('draft', 'not_used'),
        ('awaiting_authority', 'ready'), ('awaiting_authority', 'draft'), ('awaiting_authority', 'refused'),
        ('referred', 'ready'), ('referred', 'awaiting_authority'), ('referred', 'draft'), ('referred', 'not_used'),
        ('ready', 'draft'), ('ready', 'issued'), ('ready', 'not_used'),
        ('refused', 'not_used'),
        ('issued', 'completed'), ('issued', 'not_complied'), ('issued', 'rescinded'),
        ('not_complied', 'completed'), ('not_complied', 'rescinded'),
        ('completed', 'rescinded')
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Case % cannot go from % to %: the move is refused.', OLD.reference, OLD.status, NEW.status
        USING ERRCODE = 'restrict_violation';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_final_cases")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION cases_refuse_other_moves();"),
        migrations.RunSQL(
            "CREATE TRIGGER cases_case_moves_along BEFORE UPDATE OF status ON cases_case FOR EACH ROW"
            " WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION cases_refuse_other_moves();",
            "DROP TRIGGER cases_case_moves_along ON cases_case;",
        ),
    ]
