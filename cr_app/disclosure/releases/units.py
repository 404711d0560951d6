"""What units are called now that were called otherwise when a table was extracted: a name changes, the unit does not."""

from datetime import datetime

from cr_app.accounts.models import Unit
from cr_app.audit.events import CHANGES
from cr_app.audit.queries import kept_of


def names_now(force: str, *, since: datetime) -> dict[str, str]:
    """Return, by the name that a force's unit had at a moment, what it is called now; only those renamed since."""
    names = {str(key): name for key, name in Unit.objects.filter(force=force).values_list("pk", "name")}
    first = dict[str, str]()
    for entry in kept_of("unit.changed"):
        for change in entry.details.get(CHANGES, ()) if entry.at > since else ():
            if "name" in change["old"]:
                first.setdefault(change["key"], change["old"]["name"])
    return {old: names[key] for key, old in first.items() if key in names and names[key] != old}
