"""Drawn signatures, documents, progress of agreed actions, contacts, corrections, rescissions and reminders get their tables.

Locks: ADD COLUMN takes ACCESS EXCLUSIVE on cases_signature for milliseconds: its default is a constant, so no row is
rewritten; checking its two new constraints reads the table once. The other tables are new. A version that is running goes
on working: the database gives its signatures their language.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_entry_of_a_void'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActionProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(max_length=12)),
                ('happened_on', models.DateField(null=True)),
                ('due_on', models.DateField()),
                ('left', models.CharField(blank=True, max_length=500)),
                ('evidence', models.CharField(blank=True, max_length=1000)),
                ('said_by', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'progress of actions',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened_at', models.DateTimeField()),
                ('how', models.CharField(max_length=10)),
                ('result', models.CharField(max_length=12)),
                ('told', models.CharField(max_length=10)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['happened_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('column', models.CharField(max_length=20)),
                ('old', models.CharField(max_length=200)),
                ('new', models.CharField(max_length=200)),
                ('reason', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=2)),
                ('version', models.PositiveSmallIntegerField()),
                ('content', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('because', models.CharField(max_length=12)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('due_on', models.DateField()),
                ('sent_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Rescission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.CharField(max_length=60)),
                ('is_substantive', models.BooleanField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SigningRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('said', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='signature',
            name='drawing',
            field=models.CharField(max_length=24000, null=True),
        ),
        migrations.AddField(
            model_name='signature',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=2),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'cy'])), name='signature_is_in_english_or_welsh'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(('drawing__isnull', True), ('drawing__regex', '^M[0-9]{1,3} [0-9]{1,3}( [ML][0-9]{1,3} [0-9]{1,3})*$'), _connector='OR'), name='signature_drawing_is_a_bounded_path'),
        ),
        migrations.AddField(
            model_name='actionprogress',
            name='action',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='progress', to='cases.agreedaction'),
        ),
        migrations.AddField(
            model_name='actionprogress',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='actionprogress',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='progress', to='cases.case'),
        ),
        migrations.AddField(
            model_name='contact',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contact',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='cases.case'),
        ),
        migrations.AddField(
            model_name='contact',
            name='victim',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.victim'),
        ),
        migrations.AddField(
            model_name='correction',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.case'),
        ),
        migrations.AddField(
            model_name='correction',
            name='victim',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.victim'),
        ),
        migrations.AddField(
            model_name='document',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='cases.case'),
        ),
        migrations.AddField(
            model_name='document',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='document',
            name='victim',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.victim'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='action',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.agreedaction'),
        ),
        migrations.AddField(
            model_name='rescission',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rescission',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rescission', to='cases.case'),
        ),
        migrations.AddField(
            model_name='signingrefusal',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signingrefusal',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signing_refusals', to='cases.case'),
        ),
        migrations.AddConstraint(
            model_name='actionprogress',
            constraint=models.UniqueConstraint(fields=('action', 'number'), name='progress_is_numbered_within_its_action'),
        ),
        migrations.AddConstraint(
            model_name='actionprogress',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['completed', 'partly', 'not_complied', 'date_changed', 'reopened'])), name='progress_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='actionprogress',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['completed', 'partly']), models.Q(('reason', ''), _negated=True), _connector='OR'), name='progress_says_why_not_or_why_changed'),
        ),
        migrations.AddConstraint(
            model_name='actionprogress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'partly'), _negated=True), models.Q(('left', ''), _negated=True), _connector='OR'), name='progress_partly_says_what_is_left'),
        ),
        migrations.AddConstraint(
            model_name='actionprogress',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['date_changed', 'reopened']), models.Q(('happened_on__isnull', False), models.Q(('said_by', ''), _negated=True)), _connector='OR'), name='progress_says_when_and_who_says_so'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['case', 'victim', 'told'], name='contact_by_case_and_victim'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['phone', 'in_person', 'letter', 'email', 'text', 'other'])), name='contact_how_is_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['reached', 'sent', 'left_message', 'no_answer', 'wrong'])), name='contact_result_is_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('told__in', ['nothing', 'decision', 'correction', 'rescission'])), name='contact_told_is_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('told', 'nothing'), ('result__in', ['reached', 'sent']), _connector='OR'), name='contact_tells_only_who_was_reached'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('column__in', ['first_names', 'last_names']), models.Q(('column', 'organisation_name'), ('victim__isnull', False)), _connector='OR'), name='correction_is_of_a_name'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('old', models.F('new')), _negated=True), name='correction_changes_something'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correction_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('case', 'kind', 'victim', 'language', 'version'), name='document_has_one_of_each_version', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['offender_copy', 'victim_letter', 'crime_report_entry', 'offender_notice', 'victim_notice'])), name='document_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'cy'])), name='document_is_in_english_or_welsh'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('because__in', ['issued', 'asked', 'corrected', 'rescinded'])), name='document_says_why_it_was_made'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['victim_letter', 'victim_notice']), ('victim__isnull', False)), models.Q(('kind__in', ['offender_copy', 'crime_report_entry', 'offender_notice']), ('victim__isnull', True)), _connector='OR'), name='document_for_a_victim_names_which'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('action', 'kind', 'due_on'), name='reminder_is_sent_once'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['coming', 'overdue'])), name='reminder_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='rescission',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='rescission_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='signingrefusal',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['offender', 'appropriate_adult'])), name='signing_refusal_role_is_known'),
        ),
    ]
