"""A case that was returned keeps what was asked, and the answer of its officer.

Locks: each ADD COLUMN takes ACCESS EXCLUSIVE on cases_case for milliseconds: both columns are empty, so no row is rewritten
or read. A version that is running goes on working: it neither reads nor writes them. A case that was returned before has no
question here, and nothing more is wanted of it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_grounds_are_final_and_voids_only_grow")]

    operations = [
        migrations.AddField(model_name="case", name="question", field=models.TextField(null=True)),
        migrations.AddField(model_name="case", name="reply", field=models.TextField(null=True)),
    ]
