"""The pages of cases."""

from django.urls import include, path

from cr_app.cases import views

_CASE = "cases/<slug:reference>/"

urlpatterns = [
    path("", include("cr_app.cases.wizard.urls")),
    path("cases/search/", views.search, name="case_search"),
    path("cases/search/<uuid:token>/", views.found, name="case_found"),
    path(_CASE, views.case, name="case"),
    path(f"{_CASE}history/", views.history, name="case_history"),
    path(f"{_CASE}print/", views.printed, name="case_print"),
    path(f"{_CASE}why/", views.why, name="case_why"),
    path(f"{_CASE}withdraw/", views.withdraw, name="case_withdraw"),
    path(f"{_CASE}not-used/", views.not_used, name="case_not_used"),
    path(f"{_CASE}reopen/", views.reopen, name="case_reopen"),
    path(f"{_CASE}reassign/", views.reassign, name="case_reassign"),
    path(f"{_CASE}crime-report-entry/", views.crime_report_entry, name="case_crime_report_entry"),
    path(f"{_CASE}issue/", views.issue_case, name="case_issue"),
]
