"""The composition root: every address of the service."""

from django.urls import include, path

from cr_app import home

urlpatterns = [
    path("", home.desk, name="desk"),
    path("health/", home.health, name="health"),
    path("", include("cr_app.accounts.urls")),
    # Before the pages of cases: the one that submits a record also asks for the decision that it then waits for.
    path("", include("cr_app.authorisations.urls")),
    path("", include("cr_app.cases.urls")),
    path("", include("cr_app.oversight.urls")),
    path("", include("cr_app.disclosure.urls")),
]

handler400 = "cr_app.pages.errors.bad_request"
handler403 = "cr_app.pages.errors.forbidden"
handler404 = "cr_app.pages.errors.not_found"
handler500 = "cr_app.pages.errors.server_error"
