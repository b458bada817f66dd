"""The addresses of signing in: `path("account/", include("mainstay.ui.sign_in_urls"))`.

allauth brings many more (own e-mail addresses, sign-up, reset by mail). What we do not offer has no address, so that nobody
has to guard it; the few names that allauth itself looks up lead to a page that says what to do.
"""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("sign-in", account.login, name="account_login"),
    path("sign-out", account.logout, name="account_logout"),
    path("again", account.reauthenticate, name="account_reauthenticate"),
    path("password", account.password_change, name="account_change_password"),
    path("password/forgotten", TemplateView.as_view(template_name="account/password_reset.html"), name="account_reset_password"),
    path("sign-up", TemplateView.as_view(template_name="account/signup_closed.html"), name="account_signup"),
    path("inactive", TemplateView.as_view(template_name="account/account_inactive.html"), name="account_inactive"),
    path("two-factor/", include("allauth.mfa.urls")),
]
