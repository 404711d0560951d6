"""Exports of a case and of a period that anyone checks with nothing but Python, and the record that each leaves."""

from cr_app.audit.exporting.cases import export_case
from cr_app.audit.exporting.files import CannotExport, Exported, Moment, write_zip
from cr_app.audit.exporting.periods import export_period
from cr_app.audit.exporting.recording import record_export

__all__ = ["CannotExport", "Exported", "Moment", "export_case", "export_period", "record_export", "write_zip"]
