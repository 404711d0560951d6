"""An officer's unit belongs to the officer's own force: a foreign key over both columns, which models cannot say."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE accounts_officer
                    ADD CONSTRAINT an_officer_belongs_to_a_unit_of_the_own_force
                    FOREIGN KEY (unit_id, force_id) REFERENCES accounts_unit (id, force_id)
            """,
            reverse_sql="ALTER TABLE accounts_officer DROP CONSTRAINT an_officer_belongs_to_a_unit_of_the_own_force",
        ),
    ]
