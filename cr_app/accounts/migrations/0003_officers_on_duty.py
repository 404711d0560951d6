"""Officers say until when they take requests for authority.

Locks: ADD COLUMN without a default takes ACCESS EXCLUSIVE on accounts_officer for milliseconds. A version that is
running goes on working: it leaves the column empty.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_unit_of_own_force'),
    ]

    operations = [
        migrations.AddField(
            model_name='officer',
            name='on_duty_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
