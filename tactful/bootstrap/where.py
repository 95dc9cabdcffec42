"""From settings to servers: what the settings say, which servers they name, which rules they make."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import tactful
from tactful import embedded
from tactful.decide import Rules
from tactful.deliver.pubsub.settings import URL as PUBSUB_URL
from tactful.deliver.web_push.settings import CONTACT as PUSH_CONTACT
from tactful.deliver.web_push.settings import KEY as PUSH_KEY
from tactful.embedded.folder import Folder, data_dir
from tactful.kernel.settings import Agreement, Setting, Settings, read
from tactful.store.running.fingerprint import fingerprint
from tactful.store.settings import DATABASE_URL, REDIS_URL, ROLE_SECRET, plain_url

SETTINGS_FILE = "tactful.toml"
# Whose settings beliefs are weighed by, and hence decisions depend on.
BELIEVING = ("tactful.predict.", "tactful.learn.")


def setting_rows() -> list[Setting[Any]]:
    """Every settings row, collected from the folders that own them, in order of name."""
    return sorted((row for owner in _owners() for row in owner.SETTINGS), key=lambda row: row.name)


def agreements() -> list[Agreement]:
    """What settings must agree on, collected from the folders that own them."""
    return [each for owner in _owners() for each in getattr(owner, "AGREEMENTS", ())]


@cache
def _owners() -> list[ModuleType]:
    root = Path(tactful.__path__[0])
    found = sorted(path.relative_to(root).parent.parts for path in root.rglob("settings.py"))
    return [import_module(".".join(("tactful", *folder, "settings"))) for folder in found if folder != ("kernel",)]


def read_settings(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """All settings from the environment and `tactful.toml` (or `file`), unless TACTFUL_CONFIG names another.

    raises: BadSetting, naming the setting and where the wrong value came from.
    """
    environ = os.environ if environ is None else environ
    return read(setting_rows(), environ=environ, file=file or Path(SETTINGS_FILE), agreements=agreements())


@dataclass(frozen=True, slots=True)
class Place:
    """Where the engine's servers are and the secret its database roles share."""

    database_url: str
    redis_url: str
    role_secret: str
    folder: Folder | None


@contextmanager
def place(settings: Settings) -> Any:
    """The servers the settings name, or our own, for the length of a block."""
    own_database, own_valkey = not settings[DATABASE_URL], not settings[REDIS_URL]
    with ExitStack() as stack:
        if own_database or own_valkey:
            ours = embedded.running(settings, postgres=own_database, valkey=own_valkey)
            parts: embedded.Parts | None = stack.enter_context(ours)
        else:
            parts = None
        folder = Folder(data_dir(settings)) if parts is None else parts.folder
        yield Place(
            plain_url(settings[DATABASE_URL]) or (parts.database_url if parts else ""),
            settings[REDIS_URL] or (parts.redis_url if parts else ""),
            settings[ROLE_SECRET] or folder.secret("database-roles"),
            folder,
        )


def channel_settings(settings: Settings, where: Place) -> Settings:
    """Settings by which channels are set up: what is ours anyway need not be told.

    Publishing goes to our own Valkey, and browsers are signed for with a key that lies beside our other secrets.
    """
    known = {}
    if not settings[PUBSUB_URL]:
        known[PUBSUB_URL.name] = where.redis_url
    if settings[PUSH_CONTACT] and not settings[PUSH_KEY] and where.folder is not None:
        known[PUSH_KEY.name] = where.folder.secret("web-push")
    return settings.replace(**known)


@contextmanager
def valkey_of(settings: Settings) -> Iterator[str]:
    """The Valkey the settings name, or our own, for the length of a block; without a database."""
    if settings[REDIS_URL]:
        yield settings[REDIS_URL]
        return
    with embedded.running(settings, postgres=False) as parts:
        yield parts.redis_url


def rules_of(settings: Settings) -> Rules:
    """The rules these settings make, with what beliefs are weighed by: all that a decision depends on."""
    rules = Rules.from_settings(settings)
    believing = [row for owner in _owners() if owner.__name__.startswith(BELIEVING) for row in owner.SETTINGS]
    return rules.replace(values=rules.values | settings.public(believing))


def print_of(settings: Settings) -> str:
    """A fingerprint of all these settings and of this version."""
    return fingerprint(settings, setting_rows())
