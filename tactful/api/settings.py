"""Settings of the way in: tokens, limits, sizes."""

import re

from tactful.kernel.settings import Setting

# A web page's origin: scheme, host and perhaps a port, no path.
ORIGIN = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?/?")


def _origins(value: str) -> str | None:
    wrong = [one for one in value.split(",") if one.strip() and not ORIGIN.fullmatch(one.strip())]
    return f"names {wrong[0].strip()!r}; write an origin like https://learn.example.org" if wrong else None


JWKS_SECONDS = Setting(
    "api.jwks_seconds", 300, "How long fetched keys are used before a new look.", unit="seconds", low=1
)
LEEWAY = Setting(
    "api.leeway_seconds", 10, "How far clocks may differ when a token's times are judged.", unit="seconds", low=0
)
TOKEN_BYTES = Setting("api.token_bytes", 8192, "Longest token that is looked at.", unit="bytes", low=256, high=65536)
TOKEN_CHECK_SECONDS = Setting(
    "api.token_check_seconds", 10, "How long a service token's revocation may go unnoticed.", unit="seconds", low=0
)
BODY_BYTES = Setting("api.body_bytes", 4_194_304, "Largest request body.", unit="bytes", low=1024)
PERSON_PER_MINUTE = Setting(
    "api.person_per_minute", 300, "Requests one person (or operator) may make.", unit="requests/minute", low=1
)
ORGANISATION_PER_MINUTE = Setting(
    "api.organisation_per_minute", 600_000, "Requests one organisation may make in all.", unit="requests/minute", low=1
)
REFUSED_PER_MINUTE = Setting(
    "api.refused_per_minute",
    300,
    "Requests without a token that is believed which one address (of IPv6, one /64 net) may make.",
    unit="requests/minute",
    low=1,
)
PAGE = Setting("api.page", 50, "Rows of one page of a list unless asked otherwise.", unit="rows", low=1, high=500)
ORIGINS = Setting(
    "api.origins",
    "",
    "Web addresses whose pages may call the API from a browser, with commas between: https://learn.example.org. "
    "Empty: only pages of the API's own address.",
    check=_origins,
)
BENCH = Setting("api.bench", False, "Serve /bench/bare, which checks like presence and stores nothing, for benchmarks.")
LOG_LEVEL = Setting(
    "api.log_level", "info", "Least severe lines that are logged.", choices=("debug", "info", "warning", "error")
)

SETTINGS = (
    JWKS_SECONDS,
    LEEWAY,
    TOKEN_BYTES,
    TOKEN_CHECK_SECONDS,
    BODY_BYTES,
    PERSON_PER_MINUTE,
    ORGANISATION_PER_MINUTE,
    REFUSED_PER_MINUTE,
    PAGE,
    ORIGINS,
    BENCH,
    LOG_LEVEL,
)
