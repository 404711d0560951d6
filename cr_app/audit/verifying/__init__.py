"""Verifies the trail: every row against the log, the log against its signed checkpoints, those against the witness.

From the rows up: columns against bytes, personal values against their digests, bytes against leaves, leaves against the
roots that checkpoints sign, checkpoints against those that the witness keeps, and against any kept elsewhere.
"""

from cr_app.audit.verifying.reports import Kind, Problem, Report, Waiting
from cr_app.audit.verifying.stated import CannotVerify
from cr_app.audit.verifying.whole import verify

__all__ = ["CannotVerify", "Kind", "Problem", "Report", "Waiting", "verify"]
