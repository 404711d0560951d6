"""Gives the trail the indexes of its search: what an officer did, and what happened of a kind, in the order of time.

Each is built CONCURRENTLY, outside a transaction: it takes a SHARE UPDATE EXCLUSIVE lock, which lets every entry and
every page through, and waits for transactions that were open when it began. It reads the table twice: about a minute for
six million entries. A build that is interrupted leaves an invalid index behind: drop it, then migrate again. The indexes
that the new ones stand for go last, so that no question is without one meanwhile.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("audit", "0004_sealed_log_only_grows")]

    operations = [
        AddIndexConcurrently("entry", models.Index(fields=["actor_key", "at", "id"], name="entry_by_actor_and_time")),
        AddIndexConcurrently("entry", models.Index(fields=["event", "at", "id"], name="entry_by_event_and_time")),
        AddIndexConcurrently(
            "entry",
            models.Index(condition=models.Q(("outcome", "refused")), fields=["at", "id"], name="entry_refused_by_time"),
        ),
        AddIndexConcurrently("access", models.Index(fields=["actor_key", "at", "id"], name="access_by_actor_and_time")),
        AddIndexConcurrently(
            "access",
            models.Index(
                condition=models.Q(("outcome", "refused")), fields=["at", "id"], name="access_refused_by_time"
            ),
        ),
        RemoveIndexConcurrently("entry", "entry_by_actor"),
        RemoveIndexConcurrently("entry", "entry_by_event"),
        RemoveIndexConcurrently("access", "access_by_actor"),
    ]
