"""Sign-in, sign-out and passwords, under allauth's own names, which it reverses itself; duty, officers and units."""

from allauth.account import views as allauth_views
from django.urls import path

from cr_app.accounts.views import duty, officers, signing_in, units

urlpatterns = [
    path("sign-in/", allauth_views.login, name="account_login"),
    path("sign-out/", signing_in.sign_out, name="account_logout"),
    path("stay-signed-in/", signing_in.stay, name="session_stay"),
    path("password/", allauth_views.password_change, name="account_change_password"),
    path("confirm-it-is-you/", allauth_views.reauthenticate, name="account_reauthenticate"),
    # Not offered here: each leads to the page that says whom to ask.
    path("sign-in/help/", signing_in.ask_who, name="account_reset_password"),
    path("sign-in/no-account/", signing_in.ask_who, name="account_signup"),
    path("sign-in/closed/", signing_in.ask_who, name="account_inactive"),
    path("password/none/", signing_in.ask_who, name="account_set_password"),
    path("duty/", duty.duty, name="duty"),
    path("officers/", officers.officers, name="officers"),
    path("officers/add/", officers.add, name="officer_add"),
    path("officers/<int:pk>/", officers.officer, name="officer"),
    path("officers/<int:pk>/change/", officers.change, name="officer_change"),
    path("officers/<int:pk>/first-password/", officers.first_password, name="officer_first_password"),
    path("officers/<int:pk>/absence/", duty.absence, name="officer_absence"),
    path("absences/<int:pk>/end/", duty.end, name="absence_end"),
    path("units/", units.units, name="units"),
    path("units/add/", units.add, name="unit_add"),
    path("units/<int:pk>/", units.unit, name="unit"),
]
