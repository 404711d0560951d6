"""Settings, read from the environment only; nothing here opens a connection or starts a server."""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str) -> bool:
    """Tell whether the environment switches `name` on; anything but yes or no words is refused with a sentence."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "no", "false", "off"}:
        return False
    if value in {"1", "yes", "true", "on"}:
        return True
    raise ImproperlyConfigured(f"{name} is {value!r}: set it to 1 or 0.")


def whole(name: str, default: int) -> int:
    """Read a whole number from the environment, refusing anything else with a sentence."""
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a whole number.")
    return int(value)


# Where the embedded database, the secret key of the demo and collected static files live.
CR_DATA = Path(os.environ.get("CR_DATA") or BASE_DIR / "var").absolute()
# The demo runs on http and prints its sign-ins. An embedded database (DATABASE_URL unset) is never production.
EMBEDDED = not os.environ.get("DATABASE_URL")
DEMO = EMBEDDED or flag("CR_DEMO")
# Tests need no data that outlive a crash; another installation of PostgreSQL may stand in for the wheel's.
EMBEDDED_DURABLE = not flag("CR_DISPOSABLE")
CR_PG_BIN = os.environ.get("CR_PG_BIN", "")
DEBUG = False

_key_file = CR_DATA / "secret-key"
SECRET_KEY = os.environ.get("SECRET_KEY") or (_key_file.read_text() if DEMO and os.access(_key_file, os.R_OK) else "")
SECRET_KEY_IS_SET = bool(SECRET_KEY)
if not SECRET_KEY:
    # Commands that sign nothing need no key; wsgi.py refuses to serve without one that lasts.
    SECRET_KEY = secrets.token_urlsafe(50)

ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if DEMO else "").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "cr_app.database",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "crispy_forms",
    "csp",
    "cr_app.pages",
    "cr_app.audit",
    "cr_app.reference",
    "cr_app.accounts",
    "cr_app.cases",
    "cr_app.authorisations",
    "cr_app.oversight",
    "cr_app.disclosure",
]

MIDDLEWARE = [
    "cr_app.audit.requests.RequestContext",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "cr_app.pages.middleware.PageHeaders",
    # Refuses hosts that are not ours, and adds a forgotten last slash.
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cr_app.accounts.sessions.SessionLimits",
    "cr_app.accounts.gate.SignInRequired",
    "allauth.account.middleware.AccountMiddleware",
    "cr_app.audit.denials.RecordDenials",
    "cr_app.cases.reasons.AskWhy",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cr_app.urls"
WSGI_APPLICATION = "cr_app.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cr_app.accounts.context.shown_to",
                "cr_app.home.navigation",
            ],
            "builtins": ["crispy_forms.templatetags.crispy_forms_tags"],
        },
    },
]
CRISPY_TEMPLATE_PACK = "cr"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("cr",)
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# "default" is the application's role; "owner" serves migrations and test set-up, "sealer" and "retention" a command each.
_ENGINE = "cr_app.database.backend"
DATABASES: dict[str, dict[str, Any]]
if EMBEDDED:
    DATABASES = {
        "default": {"ENGINE": _ENGINE, "NAME": "cr", "USER": "cr_app"},
        "owner": {"ENGINE": _ENGINE, "NAME": "cr", "USER": "cr_owner"},
        "sealer": {"ENGINE": _ENGINE, "NAME": "cr", "USER": "cr_sealer"},
        "retention": {"ENGINE": _ENGINE, "NAME": "cr", "USER": "cr_retention"},
    }
else:
    DATABASES = {"default": {**dj_database_url.parse(os.environ["DATABASE_URL"]), "ENGINE": _ENGINE}}
    for _alias in ("owner", "sealer", "retention"):
        if _url := os.environ.get(f"DATABASE_{_alias.upper()}_URL"):
            DATABASES[_alias] = {**dj_database_url.parse(_url), "ENGINE": _ENGINE}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
# Whom migrations give the rights of commands, also where those connect from elsewhere.
ROLES_OF_COMMANDS = {alias: DATABASES.get(alias, {}).get("USER") or f"cr_{alias}" for alias in ("sealer", "retention")}
DATABASE_ROUTERS = ["cr_app.database.router.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
# Pages are in English; what an offender or a victim reads is in Welsh too, from cr_app/cases/locale.
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "cr_app" / "cases" / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = CR_DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cr_app.pages.storage.HashedFiles"},
}

AUTH_USER_MODEL = "accounts.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "cr_app.accounts.backends.OfficerBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("warrant_number", "given_names", "family_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "cr_app.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "cr_app.accounts.forms.signing_in.SignInForm",
    "change_password": "cr_app.accounts.forms.signing_in.ChangePasswordForm",
    "reauthenticate": "cr_app.accounts.forms.signing_in.ConfirmForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "warrant_number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Who decides on authority or changes roles has confirmed the password within this many seconds.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# A page to decide on that has lain open for longer decides nothing: its officer confirms who she is again.
AUTHORITY_PAGE_SECONDS = 3600

# Five failures lock an account, and an address, for ten minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 10 / 60
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "cr_app.accounts.lockout.Lockout"
AXES_USERNAME_CALLABLE = "cr_app.accounts.lockout.number_tried"
# The trail keeps sign-ins; axes keeps the count, and none of what was typed.
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "login",
    "oldpassword",
    "password1",
    "password2",
    "csrfmiddlewaretoken",
    "next",
]
AXES_VERBOSE = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_SECONDS = whole("SESSION_IDLE_SECONDS", 30 * 60)
SESSION_ABSOLUTE_SECONDS = whole("SESSION_ABSOLUTE_SECONDS", 12 * 3600)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PARKED_ANSWERS_SECONDS = whole("PARKED_ANSWERS_SECONDS", 7 * 24 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "cr_app.accounts.gate.csrf_failure"
# A proxy of ours hands on the address and the scheme; without one those headers are anybody's word.
BEHIND_PROXY = flag("BEHIND_PROXY")
if not DEMO:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]

# Messages to those asked to decide: by the host named, in the demo as a line on the console, otherwise not at all.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = whole("EMAIL_PORT", 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS") if "EMAIL_USE_TLS" in os.environ else bool(EMAIL_HOST)
EMAIL_TIMEOUT = 5
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if not EMAIL_HOST:
    EMAIL_BACKEND = "cr_app.pages.mail.OneLineOnConsole" if DEMO else "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "" if EMAIL_HOST else "community-resolutions@localhost")
# The sealed log: its name in checkpoints, where its key, the key to check it with, and its witness are kept.
TRAIL_FOLDER = Path(os.environ.get("CR_TRAIL_FOLDER") or CR_DATA / "trail").absolute()
TRAIL_ORIGIN = os.environ.get("CR_TRAIL_ORIGIN", "demo.community-resolutions.example/trail" if DEMO else "")
TRAIL_KEY_FILE = Path(os.environ.get("CR_TRAIL_KEY_FILE") or TRAIL_FOLDER / "signing-key").absolute()
TRAIL_VERIFIER_FILE = Path(os.environ.get("CR_TRAIL_VERIFIER_FILE") or TRAIL_FOLDER / "verifier-key").absolute()
TRAIL_WITNESS_FILE = Path(os.environ.get("CR_TRAIL_WITNESS_FILE") or TRAIL_FOLDER / "witness").absolute()
# What is not sealed after this many seconds is an alarm; sealing aims at two.
TRAIL_LATE_SECONDS = 60
# Records that one officer looks at within an hour before it is a red flag.
TRAIL_LOOKS_AN_HOUR = whole("CR_TRAIL_LOOKS_AN_HOUR", 30)
# What the links in messages begin with.
CR_BASE_URL = os.environ.get("CR_BASE_URL", f"http://127.0.0.1:{whole('PORT', 8000)}" if DEMO else "").rstrip("/")
if EMAIL_HOST and not DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(
        "EMAIL_HOST is set, but DEFAULT_FROM_EMAIL is not: give the address that messages come from."
    )
if EMAIL_HOST and not CR_BASE_URL.startswith(("https://", "http://") if DEMO else "https://"):
    raise ImproperlyConfigured(
        "CR_BASE_URL is what links in messages begin with: set it, such as https://cr.example.police.uk."
    )

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}

# No signature, drawing or form of this service is larger; 200 fields cover the widest page.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Personal data stay out of logs, whoever writes them: see cr_app/audit/logs.py.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "cr_app.audit.logs.ValuesLeftOut"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django gives these handlers of their own; without them all go through the one above.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}
