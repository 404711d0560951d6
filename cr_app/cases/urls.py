"""The pages of cases."""

from django.urls import include, path

from cr_app.cases.views import (
    calendar,
    contacts,
    correcting,
    documents,
    issuing,
    moving,
    progress,
    reading,
    rescinding,
    searching,
)

_CASE = "cases/<slug:reference>/"

urlpatterns = [
    path("", include("cr_app.cases.wizard.urls")),
    path("follow-up/", calendar.follow_up, name="follow_up"),
    path("cases/search/", searching.search, name="case_search"),
    path("cases/search/<uuid:token>/", searching.found, name="case_found"),
    path(_CASE, reading.case, name="case"),
    path(f"{_CASE}history/", reading.history, name="case_history"),
    path(f"{_CASE}print/", reading.printed, name="case_print"),
    path(f"{_CASE}why/", reading.why, name="case_why"),
    path(f"{_CASE}withdraw/", moving.withdraw, name="case_withdraw"),
    path(f"{_CASE}not-used/", moving.not_used, name="case_not_used"),
    path(f"{_CASE}reopen/", moving.reopen, name="case_reopen"),
    path(f"{_CASE}reassign/", moving.reassign, name="case_reassign"),
    path(f"{_CASE}crime-report-entry/", issuing.crime_report_entry, name="case_crime_report_entry"),
    path(f"{_CASE}issue/", issuing.issue_case, name="case_issue"),
    path(f"{_CASE}issue/refused/", issuing.signing_refused, name="case_signing_refused"),
    path(f"{_CASE}actions/progress/", progress.progress, name="case_progress"),
    path(f"{_CASE}actions/progress/<int:pk>/", progress.record, name="case_progress_record"),
    path(f"{_CASE}contacts/", contacts.contacts, name="case_contacts"),
    path(f"{_CASE}correct/", correcting.correct, name="case_correct"),
    path(f"{_CASE}rescind/", rescinding.rescind_case, name="case_rescind"),
    path(f"{_CASE}documents/", documents.documents, name="case_documents"),
    path(f"{_CASE}documents/preview/", documents.preview, name="case_documents_preview"),
    path(f"{_CASE}documents/<int:pk>/", documents.document, name="case_document"),
    path(f"{_CASE}documents/<int:pk>/pdf/", documents.document_pdf, name="case_document_pdf"),
]
