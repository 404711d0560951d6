"""What the pages of one case say: the record as it stands, what was given for it, its history in words."""

from cr_app.cases.presenting.case import case_page
from cr_app.cases.presenting.from_to import LABELS
from cr_app.cases.presenting.given import notices_of
from cr_app.cases.presenting.timeline import history_page, timeline_page

__all__ = ["LABELS", "case_page", "history_page", "notices_of", "timeline_page"]
