"""Exceptions: why, on whose advice, what covers which snapshot, and what has become void.

Locks: ADD COLUMN without a default and the longer authority_number take ACCESS EXCLUSIVE on cases_case and rewrite
nothing; each index of a foreign key takes SHARE and reads the table once, its constraint SHARE ROW EXCLUSIVE on cases_case,
cases_snapshot and accounts_officer. The three checks read all of cases_case under ACCESS EXCLUSIVE: about a second for a
million cases, and readers wait meanwhile. The whole is one transaction, so that the strongest lock is held to its end: run it
in a quiet hour. A version that is running goes on working: it leaves the new columns empty, and writes no authority.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_unit_of_own_force'),
        ('cases', '0003_moves_of_the_lifecycle'),
        ('reference', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExceptionGrounds',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=60)),
                ('circumstances', models.TextField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Void',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('given_rank', models.CharField(blank=True, max_length=60)),
                ('given_at', models.DateTimeField()),
                ('voided_at', models.DateTimeField()),
                ('changed', models.TextField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='advice',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='advice_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='advice_from',
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='authority_snapshot',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.snapshot'),
        ),
        migrations.AddField(
            model_name='case',
            name='detained_or_waiting',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='investigation_team',
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='professional_standards_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='professional_standards_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='professional_standards_snapshot',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.snapshot'),
        ),
        migrations.AlterField(
            model_name='case',
            name='authority_number',
            field=models.CharField(max_length=24, null=True),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('authority_by__isnull', True), models.Q(('authority_by', models.F('officer')), _negated=True), _connector='OR'), name='case_authority_is_never_its_officers_own'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('authority_by__isnull', True), ('authority_decision__isnull', True), ('authority_snapshot__isnull', True)), models.Q(('authority_at__isnull', False), ('authority_by__isnull', False), ('authority_decision__in', ['granted', 'refused']), ('authority_is_substantive__isnull', False), ('authority_number__isnull', False), ('authority_rank__isnull', False), ('authority_snapshot__isnull', False)), _connector='OR'), name='case_authority_says_who_when_as_what_and_of_what'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('professional_standards_by__isnull', True), ('professional_standards_decision__isnull', True), ('professional_standards_snapshot__isnull', True)), models.Q(('professional_standards_at__isnull', False), ('professional_standards_by__isnull', False), ('professional_standards_decision__in', ['suitable', 'unsuitable']), ('professional_standards_snapshot__isnull', False)), _connector='OR'), name='case_professional_standards_say_who_when_and_of_what'),
        ),
        migrations.AddField(
            model_name='exceptiongrounds',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grounds', to='cases.case'),
        ),
        migrations.AddField(
            model_name='void',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voids', to='cases.case'),
        ),
        migrations.AddField(
            model_name='void',
            name='given_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='void',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.snapshot'),
        ),
        migrations.AddField(
            model_name='void',
            name='voided_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='exceptiongrounds',
            constraint=models.UniqueConstraint(fields=('case', 'rule'), name='grounds_are_given_once_for_an_exclusion'),
        ),
        migrations.AddConstraint(
            model_name='exceptiongrounds',
            constraint=models.CheckConstraint(condition=models.Q(('circumstances', ''), _negated=True), name='grounds_say_something'),
        ),
        migrations.AddConstraint(
            model_name='void',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['authority', 'suitability'])), name='void_is_of_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='void',
            constraint=models.UniqueConstraint(fields=('snapshot', 'kind'), name='what_covers_a_snapshot_is_voided_once'),
        ),
    ]
