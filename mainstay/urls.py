"""Every address, by door."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from mainstay.portal.views.home import front

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front, name="front"),
    path("", include("mainstay.ui.urls")),
    path("", include("mainstay.setup.urls")),
    path("desk/", include("mainstay.desk.urls")),
    path("help/", include("mainstay.portal.urls")),
    path("account/", include("mainstay.ui.sign_in_urls")),
]

handler400 = "mainstay.ui.errors.bad_request"
handler403 = "mainstay.ui.errors.forbidden"
handler404 = "mainstay.ui.errors.not_found"
handler500 = "mainstay.ui.errors.broken"
