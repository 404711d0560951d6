"""A void keeps the reference of the entry that the crime report carries of what is void.

Locks: ADD COLUMN takes ACCESS EXCLUSIVE on cases_void for milliseconds: its default is a constant, so no row is rewritten.
A version that is running goes on working: the database gives it the empty text. A void made before has no reference here.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_question_and_reply")]

    operations = [
        migrations.AddField(
            model_name="void",
            name="entry_reference",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
