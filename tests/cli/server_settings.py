"""The settings of the test's web processes: ours, with small pages of the test's own, since these tests are about the server."""

from __future__ import annotations

from mainstay.settings import *  # noqa: F403

ROOT_URLCONF = "tests.cli.pages"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
