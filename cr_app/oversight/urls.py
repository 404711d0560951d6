"""The pages of whoever oversees: the trail searched, what an officer did."""

from django.urls import path

from cr_app.oversight.views import officers, searching

urlpatterns = [
    path("trail/", searching.search, name="trail"),
    path("trail/found/<uuid:token>/", searching.found, name="trail_found"),
    path("trail/officers/<int:pk>/", officers.officer, name="trail_officer"),
]
