"""The service's addresses and the bare view's."""

from django.urls import path

from benchmarks.floor import views
from cr_app.urls import handler400, handler403, handler404, handler500
from cr_app.urls import urlpatterns as service

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("floor/", views.floor), path("floor/officer/", views.floor_for_officer), *service]
