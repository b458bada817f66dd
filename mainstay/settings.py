"""One settings file. Everything an operator may set comes from the environment and is checked here, before anything starts."""

from __future__ import annotations

import os
from pathlib import Path

from mainstay import __version__
from mainstay.environment import Environment

env = Environment(os.environ)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA = env.folder("DATA", BASE_DIR / "var")
DEMO = env.flag("MAINSTAY_DEMO")
DEBUG = False
VERSION = __version__

HTTP_HOST, HTTP_PORT = env.address("HTTP", "127.0.0.1:8000")
SMTP_HOST, SMTP_PORT = env.address("SMTP", "127.0.0.1:2525")
BASE_URL = env.url("BASE_URL", f"http://{HTTP_HOST}:{HTTP_PORT}")
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", BASE_URL)
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
ALLOWED_NETWORKS = env.networks("ALLOWED_NETWORKS")

SECRET_KEY = env.secret("SECRET_KEY", DATA / "secret.key")
SECRET_KEY_FALLBACKS = env.earlier_secrets("SECRET_KEY_FALLBACKS")
SECRETS_KEY = env.secret("SECRETS_KEY", DATA / "secrets.key")
SECRETS_KEY_FALLBACKS = env.earlier_secrets("SECRETS_KEY_FALLBACKS")
MESSAGE_ID_HOST = env.message_host(BASE_URL, SECRETS_KEY)
EARLIER_MESSAGE_ID_HOSTS = [env.message_host(BASE_URL, key) for key in SECRETS_KEY_FALLBACKS]
if env.demo_is_exposed(DEMO, HTTP_HOST):
    env.refuse("MAINSTAY_DEMO signs people in with one click, so it may only listen on 127.0.0.1; HTTP says otherwise.")

DATABASES = {"default": env.database("DATABASE_URL", DATA / "mainstay.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "mainstay.kernel",
    "mainstay.jobs",
    "mainstay.events",
    "mainstay.people",
    "mainstay.search",
    "mainstay.cases",
    "mainstay.channels",
    "mainstay.promises",
    "mainstay.mail",
    "mainstay.letters",
    "mainstay.ui",
    "mainstay.desk",
    "mainstay.portal",
    "mainstay.setup",
    "mainstay.realtime",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "mainstay.ui.middleware.real_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mainstay.ui.middleware.own_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mainstay.ui.middleware.NoNul",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mainstay.setup.middleware.first_run",
    "mainstay.ui.middleware.own_time_zone",
]

ROOT_URLCONF = "mainstay.urls"
WSGI_APPLICATION = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["mainstay.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "mainstay.ui.context.shell",
            ],
        },
    }
]

# --- people and sign-in
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["mainstay.ui.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name", "email")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "mainstay.people.queries.display_name"
ACCOUNT_FORMS = {"login": "mainstay.ui.accounts.SignIn"}
ACCOUNT_ADAPTER = "mainstay.ui.accounts.Adapter"
ACCOUNT_RATE_LIMITS = False  # ours count in the database, exactly, for every web process at once
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "mainstay.ui.sealing.Seeds"
MFA_TOTP_ISSUER = "Mainstay"
MFA_FORMS = {"authenticate": "mainstay.ui.accounts.SecondStep", "reauthenticate": "mainstay.ui.accounts.SecondStepAgain"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# --- cookies and headers
PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{PREFIX}session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = f"{PREFIX}csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mainstay.ui.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = env.content_security_policy()

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_LIMIT = 25 * 1024 * 1024
EVEN_SECONDS = 0.1  # how long an answer takes whose own time would tell who is known here (S-060)
MAIL_LIMIT = 35 * 1024 * 1024

# --- words and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "mainstay" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files", "base_url": None}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# --- jobs and mail
TASKS = {"default": {"BACKEND": "mainstay.jobs.backend.Durable", "QUEUES": []}}
JOB_LEASE_SECONDS = 60
EMAIL_TIMEOUT = 60
DEFAULT_EXCEPTION_REPORTER_FILTER = "mainstay.ui.errors.QuietReports"

LOGGING = env.logging()

FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
MESSAGE_STORAGE = "mainstay.ui.toasts.Carrier"
SILENCED_SYSTEM_CHECKS: list[str] = []
