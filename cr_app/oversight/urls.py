"""The pages of whoever oversees: the trail searched, what an officer did."""

from django.urls import path

from cr_app.oversight.views import exports, flags, integrity, officers, searching

urlpatterns = [
    path("trail/", searching.search, name="trail"),
    path("trail/found/<uuid:token>/", searching.found, name="trail_found"),
    path("trail/officers/<int:pk>/", officers.officer, name="trail_officer"),
    path("trail/export/", exports.export, name="trail_export"),
    path("trail/flags/", flags.red_flags, name="red_flags"),
    path("trail/flags/<int:pk>/", flags.red_flag, name="red_flag"),
    path("trail/integrity/", integrity.integrity, name="integrity"),
    path("trail/integrity/checkpoint/", integrity.integrity_note, name="integrity_note"),
    path("trail/integrity/<uuid:token>/", integrity.integrity_check, name="integrity_check"),
]
