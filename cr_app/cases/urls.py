"""The pages of cases."""

from django.urls import include, path

from cr_app.cases.views import issuing, moving, reading, searching

_CASE = "cases/<slug:reference>/"

urlpatterns = [
    path("", include("cr_app.cases.wizard.urls")),
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
]
