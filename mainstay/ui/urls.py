"""The shell's own addresses: `path("", include("mainstay.ui.urls"))`."""

from __future__ import annotations

from django.urls import path

from mainstay.ui import gallery, views

urlpatterns = [
    path("theme", views.theme, name="theme"),
    path("preview", views.preview, name="preview"),
    path("gallery/", gallery.gallery, name="gallery"),
]
