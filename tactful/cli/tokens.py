"""Minting tokens at the command line."""

from tactful.api import auth
from tactful.bootstrap import Engine
from tactful.bootstrap.settings import AUDIENCE, LONGEST_WIDGET, WIDGET_MINUTES
from tactful.cli.arguments import Arguments
from tactful.embedded.folder import Folder, data_dir
from tactful.kernel.errors import BadInput

# What a token lasts unless asked otherwise; a widget's is shorter [h].
DAY = 24.0


def signing_key(engine: Engine) -> str:
    """The secret that tokens are signed with: the setting's, or the one kept in the data directory.

    Empty where only an issuer of your own signs (api.jwks).
    """
    return auth.secret(engine.settings, lambda: Folder(data_dir(engine.settings)).secret("jwt"))


def minted(engine: Engine, *, sub: str, org: str, scope: str, hours: float) -> str:
    """A token as this installation believes it. raises: BadInput where only an issuer of your own signs."""
    key = signing_key(engine)
    if not key:
        raise BadInput("Tokens come from your own issuer (api.jwks); set api.jwt_secret to mint some here too.")
    now, audience = engine.clock.now(), engine.settings[AUDIENCE]
    return auth.issue(key, sub=sub, org=org, scope=scope, now=now, hours=hours, audience=audience)


def token(arguments: Arguments) -> None:
    """Mint a bearer token for a person, their browser, a service or an operator."""
    engine = Engine()
    for name in ("sub", "organisation"):
        said = getattr(arguments, name)
        if not said.strip() or len(said) > auth.LONGEST_NAME or not said.isprintable():
            raise BadInput(f"{name} must be 1 to {auth.LONGEST_NAME} readable characters.", fields=[name])
    hours = arguments.hours
    if arguments.scope == auth.WIDGET:
        hours = hours or engine.settings[WIDGET_MINUTES] / 60
        if hours * 60 > LONGEST_WIDGET:
            told = f"--hours: a widget's token is good for {LONGEST_WIDGET // 60} hours at most."
            raise BadInput(told, fields=["hours"])
    who = {"sub": arguments.sub, "org": arguments.organisation, "scope": arguments.scope}
    print(minted(engine, hours=hours or DAY, **who))
