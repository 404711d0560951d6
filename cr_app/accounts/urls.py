"""Sign-in, sign-out and passwords, under allauth's own names, which it reverses itself."""

from allauth.account import views as allauth_views
from django.urls import path

from cr_app.accounts import views

urlpatterns = [
    path("sign-in/", allauth_views.login, name="account_login"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("stay-signed-in/", views.stay, name="session_stay"),
    path("password/", allauth_views.password_change, name="account_change_password"),
    path("confirm-it-is-you/", allauth_views.reauthenticate, name="account_reauthenticate"),
    # Not offered here: each leads to the page that says whom to ask.
    path("sign-in/help/", views.ask_who, name="account_reset_password"),
    path("sign-in/no-account/", views.ask_who, name="account_signup"),
    path("sign-in/closed/", views.ask_who, name="account_inactive"),
    path("password/none/", views.ask_who, name="account_set_password"),
]
