"""Requests, interests and decisions are only ever added; and a case carries no authority but one that was decided.

A decision must be of the case's latest snapshot, while the case waits for it, and never by its officer or recorder. What
a case says of authority or suitability must rest on such a decision, and is taken away only beside a void of its own.

Locks: CREATE TRIGGER takes SHARE ROW EXCLUSIVE on its table, cases_case among them, for milliseconds. A version that is
running goes on working: it neither decides nor carries authority.
"""

from django.db import migrations

from cr_app.database.grants import AppendOnly

TABLES = ("authorisations_request", "authorisations_interest", "authorisations_decision")

FUNCTIONS = """
CREATE FUNCTION authorisations_refuse_odd_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found cases_case%ROWTYPE;
BEGIN
    SELECT * INTO found FROM cases_case WHERE id = NEW.case_id FOR SHARE;
    IF NEW.decided_by_id IN (found.officer_id, found.recorded_by_id) OR NEW.recorded_by_id <> found.recorded_by_id THEN
        RAISE EXCEPTION 'Case %: nobody decides on a case of their own.', found.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.kind = 'authority' AND found.status <> 'awaiting_authority')
        OR (NEW.kind = 'suitability' AND found.status <> 'referred')
    THEN
        RAISE EXCEPTION 'Case % does not wait for this decision.', found.reference USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM cases_snapshot s
        WHERE s.id = NEW.snapshot_id AND s.case_id = NEW.case_id AND s.digest = NEW.digest
            AND s.number = (SELECT max(number) FROM cases_snapshot WHERE case_id = NEW.case_id)
    ) THEN
        RAISE EXCEPTION 'Case %: a decision is on the latest snapshot.', found.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION authorisations_refuse_unfounded_authority() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.authority_decision IS NULL THEN
        IF OLD.authority_decision IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM cases_void WHERE snapshot_id = OLD.authority_snapshot_id AND kind = 'authority'
        ) THEN
            RAISE EXCEPTION 'Case %: authority is taken away only with a void.', OLD.reference
                USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM authorisations_decision d
        WHERE d.case_id = NEW.id AND d.snapshot_id = NEW.authority_snapshot_id AND d.kind = 'authority'
            AND d.outcome = NEW.authority_decision AND d.decided_by_id = NEW.authority_by_id
            AND d.rank = NEW.authority_rank AND d.is_substantive = NEW.authority_is_substantive
            AND d.number = NEW.authority_number AND d.decided_at = NEW.authority_at
            AND NOT EXISTS (SELECT 1 FROM cases_void v WHERE v.snapshot_id = d.snapshot_id AND v.kind = 'authority')
    ) THEN
        RAISE EXCEPTION 'Case %: no such authority was decided.', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION authorisations_refuse_unfounded_suitability() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.professional_standards_decision IS NULL THEN
        IF OLD.professional_standards_decision IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM cases_void WHERE snapshot_id = OLD.professional_standards_snapshot_id AND kind = 'suitability'
        ) THEN
            RAISE EXCEPTION 'Case %: suitability is taken away only with a void.', OLD.reference
                USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM authorisations_decision d
        WHERE d.case_id = NEW.id AND d.snapshot_id = NEW.professional_standards_snapshot_id AND d.kind = 'suitability'
            AND d.outcome = NEW.professional_standards_decision AND d.decided_by_id = NEW.professional_standards_by_id
            AND d.decided_at = NEW.professional_standards_at
            AND NOT EXISTS (SELECT 1 FROM cases_void v WHERE v.snapshot_id = d.snapshot_id AND v.kind = 'suitability')
    ) THEN
        RAISE EXCEPTION 'Case %: professional standards have not decided so.', OLD.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION authorisations_refuse_born_with_authority() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Case %: authority is given to a case that asked for it.', NEW.reference
        USING ERRCODE = 'restrict_violation';
END
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION authorisations_refuse_born_with_authority();
DROP FUNCTION authorisations_refuse_unfounded_suitability();
DROP FUNCTION authorisations_refuse_unfounded_authority();
DROP FUNCTION authorisations_refuse_odd_decision();
"""
AUTHORITY = (
    "authority_decision", "authority_rank", "authority_is_substantive", "authority_number", "authority_by_id",
    "authority_at", "authority_snapshot_id",
)
SUITABILITY = (
    "professional_standards_decision", "professional_standards_by_id", "professional_standards_at",
    "professional_standards_snapshot_id",
)


def trigger(name, when, table, function, each="ROW", condition=""):
    """The SQL that makes one trigger and the SQL that takes it away."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} {condition} EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


def changed(columns):
    """The condition that one of these columns changes."""
    old, new = (", ".join(f"{side}.{column}" for column in columns) for side in ("OLD", "NEW"))
    return f"WHEN (({old}) IS DISTINCT FROM ({new}))"


class Migration(migrations.Migration):
    dependencies = [
        ("authorisations", "0001_initial"),
        ("cases", "0005_grounds_are_final_and_voids_only_grow"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        *[trigger(f"{table}_stays_final", "INSERT", table, "cases_refuse_change_of_final_row") for table in TABLES],
        *[trigger(f"{table}_only_grows", "UPDATE OR DELETE", table, "cases_refuse_change") for table in TABLES],
        *[
            trigger(f"{table}_is_never_emptied", "TRUNCATE", table, "cases_refuse_emptying", each="STATEMENT")
            for table in TABLES
        ],
        *[AppendOnly(table) for table in TABLES],
        trigger(
            "authorisations_decision_fits", "INSERT", "authorisations_decision", "authorisations_refuse_odd_decision"
        ),
        trigger(
            "cases_case_authority_is_decided",
            f"UPDATE OF {', '.join(AUTHORITY)}",
            "cases_case",
            "authorisations_refuse_unfounded_authority",
            condition=changed(AUTHORITY),
        ),
        trigger(
            "cases_case_suitability_is_decided",
            f"UPDATE OF {', '.join(SUITABILITY)}",
            "cases_case",
            "authorisations_refuse_unfounded_suitability",
            condition=changed(SUITABILITY),
        ),
        trigger(
            "cases_case_is_born_without_authority",
            "INSERT",
            "cases_case",
            "authorisations_refuse_born_with_authority",
            condition="WHEN (NEW.authority_decision IS NOT NULL OR NEW.professional_standards_decision IS NOT NULL)",
        ),
    ]
