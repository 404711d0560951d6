"""The pages of the record."""

from django.urls import path

from cr_app.cases.wizard import review_views, row_views, views

_RECORD = "cases/<slug:reference>/record/"

urlpatterns = [
    path("cases/new/", views.new_case, name="case_new"),
    path("offence-types/", row_views.suggest_offences, name="offence_suggestions"),
    path("cases/<slug:reference>/start-another/", views.copy_case, name="case_copy"),
    path(_RECORD, views.task_list, name="case_record"),
    path(f"{_RECORD}result/", review_views.result, name="case_result"),
    path(f"{_RECORD}victims/<int:pk>/safeguards/", views.StepView.as_view(), name="case_victim_safeguards"),
    path(f"{_RECORD}<slug:slug>/add/", row_views.add, name="case_row_add"),
    path(f"{_RECORD}<slug:slug>/<int:pk>/", row_views.change, name="case_row"),
    path(f"{_RECORD}<slug:slug>/<int:pk>/remove/", row_views.remove, name="case_row_remove"),
    path(f"{_RECORD}<slug:slug>/", row_views.step_or_rows, name="case_step"),
]
