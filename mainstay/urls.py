"""Every address, by door."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from mainstay.portal import views as portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("", portal.front, name="front"),
    path("", include("mainstay.ui.urls")),
    path("", include("mainstay.setup.urls")),
    path("desk/", include("mainstay.desk.urls")),
    path("help/", include("mainstay.portal.urls")),
    # Only what is offered: there is no sign-up, and a new password comes by an invitation from an administrator.
    path("account/sign-in", account.login, name="account_login"),
    path("account/sign-out", account.logout, name="account_logout"),
    path("account/again", account.reauthenticate, name="account_reauthenticate"),
    path("account/two-factor/", include("allauth.mfa.urls")),
]

handler400 = "mainstay.ui.errors.bad_request"
handler403 = "mainstay.ui.errors.forbidden"
handler404 = "mainstay.ui.errors.not_found"
handler500 = "mainstay.ui.errors.broken"
