"""Settings of the console: its own address, and signing in with an issuer of your own."""

from tactful.kernel.settings import Agreement, Setting


def _address(value: str) -> str | None:
    secure = value.startswith(("https://", "http://localhost", "http://127.0.0.1", "http://[::1]"))
    return None if not value or secure else "is not an https address"


ADDRESS = Setting(
    "console.address",
    "",
    "Where browsers reach this server, like https://tactful.example.org. Empty: wherever they say they reached it.",
    check=_address,
)
ISSUER = Setting(
    "console.oidc_issuer",
    "",
    "Address of the OpenID Connect issuer that operators may sign in with, as in its own description. Empty: none.",
    check=_address,
)
CLIENT_ID = Setting("console.oidc_client_id", "", "What the issuer calls this console.")
CLIENT_SECRET = Setting(
    "console.oidc_client_secret", "", "The secret the issuer gave this console. Empty: a public client.", secret=True
)
JOINS = Setting(
    "console.oidc_organisation",
    "",
    "Organisation that everybody the issuer vouches for may enter. Empty: only operators who were invited.",
)
ROLE_CLAIM = Setting(
    "console.oidc_role_claim",
    "",
    "Claim of the issuer's token that holds viewer, organiser or admin, alone or in a list. Empty, or none of them: "
    "viewer for newcomers, and as it is for others.",
)

SETTINGS = (ADDRESS, ISSUER, CLIENT_ID, CLIENT_SECRET, JOINS, ROLE_CLAIM)
AGREEMENTS = (
    Agreement(
        (ISSUER, CLIENT_ID),
        lambda issuer, client: "must both be set, or neither" if bool(issuer) != bool(client) else None,
    ),
)
