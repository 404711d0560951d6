"""The pages of authority; and the page that submits a case, which asks for the decision that the case then waits for."""

from django.urls import path

from cr_app.authorisations import views
from cr_app.authorisations.actions import submit_and_ask
from cr_app.cases.wizard import review_views

urlpatterns = [
    path("authority/", views.queue, name="authority_queue"),
    path("authority/search/", views.search, name="authority_search"),
    path("authority/<slug:reference>/", views.review, name="authority_review"),
    path("authority/<slug:reference>/interest/", views.interest, name="authority_interest"),
    path("cases/<slug:reference>/authority/", views.case_authority, name="case_authority"),
    path(
        "cases/<slug:reference>/record/check/",
        review_views.check,
        {"submit": submit_and_ask, "waiting_at": "case_authority"},
        name="case_check",
    ),
]
