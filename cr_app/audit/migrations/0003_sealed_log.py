"""The tables of the sealed log: leaves, roots of whole subtrees, checkpoints.

Locks: new tables alone, which nothing reads yet. A version that is running goes on working: it does not know them.
"""

import cr_app.audit.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subtree',
            fields=[
                ('pk', models.CompositePrimaryKey('level', 'index', blank=True, editable=False, primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField()),
                ('index', models.BigIntegerField()),
                ('root', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('epoch', models.PositiveIntegerField()),
                ('size', models.BigIntegerField()),
                ('root', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('origin', models.CharField(max_length=200)),
                ('algorithm', models.CharField(max_length=20)),
                ('key_id', models.CharField(max_length=8)),
                ('horizon', cr_app.audit.fields.TransactionIdField()),
                ('database', models.CharField(max_length=64)),
                ('note', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('epoch', 'size'), name='checkpoint_is_the_only_one_of_its_size')],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('table', models.CharField(choices=[('entry', 'Entry'), ('access', 'Access')], max_length=6)),
                ('row_id', models.BigIntegerField()),
                ('transaction_id', cr_app.audit.fields.TransactionIdField()),
                ('hash', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('table', 'row_id'), name='leaf_stands_for_one_row_once'), models.CheckConstraint(condition=models.Q(('index__gte', 0)), name='leaf_has_a_place_from_0'), models.CheckConstraint(condition=models.Q(('table__in', ['entry', 'access'])), name='leaf_is_of_a_table_of_the_trail')],
            },
        ),
    ]
