"""Absences of officers: never two at a time, nobody covers for themselves, and none is ever deleted."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cr_app.database.grants import APPEND, HoldTo


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_first_day_of_a_rank'),
    ]

    operations = [
        # Compares officers in the exclusion below. There already where docs/operations.md was followed, as a superuser's
        # own, so that going back leaves it.
        migrations.RunSQL('CREATE EXTENSION IF NOT EXISTS btree_gist', migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('until_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('covered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['from_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='an_absence_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('covered_by__isnull', True), models.Q(('covered_by', models.F('officer')), _negated=True), _connector='OR'), name='nobody_covers_for_themselves'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at__isnull', True)), expressions=[('officer', '='), (models.Func('from_on', 'until_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='an_officer_is_absent_once_at_a_time')],
            },
        ),
        HoldTo('accounts_absence', APPEND | {'UPDATE'}),
    ]
