"""Answer with the policy of the officer's force on a day: recorded before the file leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty, duties
from cr_app.audit.trail import record
from cr_app.disclosure.export.policy_sheet import file_digest, policy_csv, policy_pdf
from cr_app.disclosure.policy_answer import PolicyAnswer, policy_answer
from cr_app.pages.refusals import NotAllowed

_MAY = frozenset({Duty.ANSWER_REQUESTS, Duty.MANAGE_RULEBOOKS})
_FORMS: Mapping[str, tuple[str, Callable[[PolicyAnswer], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", policy_csv),
    "pdf": ("application/pdf", policy_pdf),
}
FORMS = tuple(_FORMS)


@dataclass(frozen=True)
class PolicyFile:
    """A file of the policy: its name, what kind of file it is, and its bytes."""

    name: str
    kind: str
    content: bytes


def require_policy_duty(officer: Officer) -> None:
    """Let FOI analysts and policy owners pass; raises NotAllowed for anybody else."""
    if not _MAY & duties(officer.given_roles()):
        raise NotAllowed("Only an FOI analyst or the policy owner of your force may answer with its policy.")


def read_policy(on: date, *, by: Officer) -> PolicyAnswer:
    """Return the policy of the officer's own force on a day; raises NotAllowed without a duty for it, NoPolicy without one."""
    require_policy_duty(by)
    return policy_answer(by.force_id, on, force_name=by.force.name)


@transaction.atomic
def download_policy(on: date, form: str, *, by: Officer) -> PolicyFile:
    """Return the policy as a file of one of `FORMS`, and keep that it was handed out; raises as `read_policy`, KeyError."""
    kind, write = _FORMS[form]
    answer = read_policy(on, by=by)
    content = write(answer)
    record(
        "policy.answered",
        actor=by.as_actor(),
        subject=f"force:{by.force_id}",
        details={
            "on": on.isoformat(),
            "form": form,
            "rulebook": answer.edition.name,
            "file_digest": file_digest(content),
        },
    )
    return PolicyFile(f"policy-{by.force_id}-{on.isoformat()}.{form}", kind, content)
