"""A substantive rank has its first day, and the rank held before it.

Locks: ADD COLUMN with a constant default rewrites nothing; ACCESS EXCLUSIVE on accounts_officer for milliseconds, and the
check reads a few thousand rows. A version that is running goes on working: the database fills both columns.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_officers_on_duty'),
    ]

    operations = [
        migrations.AddField(
            model_name='officer',
            name='substantive_since',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='officer',
            name='substantive_before',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddConstraint(
            model_name='officer',
            constraint=models.CheckConstraint(condition=models.Q(('substantive_before', ''), ('substantive_since__isnull', False), _connector='OR'), name='a_former_rank_was_held_until_a_day'),
        ),
    ]
