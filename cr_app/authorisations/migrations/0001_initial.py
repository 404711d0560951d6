"""Requests, interests declared and decisions.

Locks: three new tables, which nothing reads yet; their foreign keys take SHARE ROW EXCLUSIVE on cases_case, cases_snapshot
and accounts_officer for milliseconds. A version that is running goes on working.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0004_exceptions_and_voids'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('authority', 'Authority'), ('suitability', 'Suitability, by professional standards')], max_length=12)),
                ('outcome', models.CharField(choices=[('granted', 'Authority granted'), ('refused', 'Authority refused'), ('suitable', 'Suitable'), ('unsuitable', 'Unsuitable'), ('returned', 'Returned with a question')], max_length=12)),
                ('reasons', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField()),
                ('shown_at', models.DateTimeField()),
                ('rank', models.CharField(max_length=60)),
                ('is_substantive', models.BooleanField()),
                ('number', models.CharField(max_length=24)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='cases.case')),
                ('covering_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='cases.snapshot')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['decided_by', '-decided_at'], name='decision_by_officer')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'authority'), ('outcome__in', ('granted', 'refused', 'returned'))), models.Q(('kind', 'suitability'), ('outcome__in', ('suitable', 'unsuitable', 'returned'))), _connector='OR'), name='decision_is_one_that_can_be_made'), models.CheckConstraint(condition=models.Q(('decided_by', models.F('asked_by')), _negated=True), name='decision_is_never_the_askers_own'), models.CheckConstraint(condition=models.Q(('decided_by', models.F('recorded_by')), _negated=True), name='decision_is_never_the_recorders_own'), models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='decision_has_reasons'), models.CheckConstraint(condition=models.Q(('decided_at__gte', models.F('asked_at'))), name='decision_comes_after_the_request'), models.CheckConstraint(condition=models.Q(('covering_for__isnull', True), models.Q(('covering_for', models.F('decided_by')), _negated=True), _connector='OR'), name='decision_nobody_covers_for_themselves'), models.UniqueConstraint(fields=('snapshot', 'kind'), name='decision_is_made_once_on_a_snapshot')],
            },
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('declared_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to='cases.case')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'officer'), name='interest_is_declared_once_by_each'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='interest_says_what_it_is')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('authority', 'Authority'), ('suitability', 'Suitability, by professional standards')], max_length=12)),
                ('round', models.PositiveSmallIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='cases.case')),
                ('covering_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='cases.snapshot')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['officer', '-asked_at'], name='request_by_officer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['authority', 'suitability'])), name='request_is_of_a_known_kind'), models.CheckConstraint(condition=models.Q(('covering_for__isnull', True), models.Q(('covering_for', models.F('officer')), _negated=True), _connector='OR'), name='request_nobody_covers_for_themselves'), models.UniqueConstraint(fields=('snapshot', 'kind', 'officer', 'round'), name='request_is_made_once_of_each_in_a_round')],
            },
        ),
    ]
