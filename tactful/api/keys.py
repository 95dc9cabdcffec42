"""Keys that signatures are checked with: one secret, and the public keys of an issuer of your own."""

import json
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

import jwt
import structlog

from tactful.kernel.errors import BadSetting, NotReady, TactfulError

log = structlog.get_logger("tactful.api")

# Which signature a kind of key may make; anything else in a key set is not ours to use.
ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
LEAST_RSA_BITS = 2048
LARGEST_SET = 1 << 20
# Least seconds between two looks for a key that is not in the set; keeps strangers from making us fetch.
PATIENCE = 10.0
ADDRESS = ("https://", "http://")


class KeySet:
    """Public keys by id. source: a file, JSON text or an https address; looked at again after `seconds`.

    raises: BadSetting when the source cannot be read as a key set; NotReady when an address does not answer.
    """

    def __init__(self, source: str, *, seconds: float) -> None:
        self._source = source
        self._seconds = seconds
        self._text: str | None = None
        self._keys: dict[str, jwt.PyJWK] = {}
        self._looked = float("-inf")
        # How often the set has changed: what an older set vouched for is to be asked again.
        self.edition = 0

    def find(self, key_id: str | None) -> jwt.PyJWK | None:
        """The key of that id; the only key there is when a token names none. Blocks while fetching."""
        if not self.fresh(key_id):
            self._refresh()
        if key_id is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(key_id)

    def fresh(self, key_id: str | None) -> bool:
        """Whether `find` would answer from memory."""
        age = time.monotonic() - self._looked
        return age <= self._seconds and (key_id is None or key_id in self._keys or age <= PATIENCE)

    def _refresh(self) -> None:
        self._looked = time.monotonic()
        try:
            text = _load(self._source)
            if text != self._text:
                self._keys, self._text = parse(text), text
                self.edition += 1
        except (OSError, HTTPException, BadSetting) as error:
            # Keys that were good a moment ago are better than none.
            log.warning("the key set (api.jwks) could not be read", exc_info=error)
            if self._text is None:
                raise _unread(self._source, error) from error


def _unread(source: str, error: Exception) -> TactfulError:
    if isinstance(error, BadSetting) and not source.startswith(ADDRESS):
        return error
    return NotReady(f"The key set (api.jwks) could not be fetched: {error}.")


def parse(text: str) -> dict[str, jwt.PyJWK]:
    """The usable public keys of a JSON Web Key Set, by id. raises: BadSetting."""
    try:
        listed = json.loads(text)["keys"]
        usable = [each for each in listed if each.get("kty") in ALGORITHMS and each.get("use", "sig") == "sig"]
        keys = {str(each.get("kid", "")): _key(each) for each in usable}
    except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise BadSetting(f"api.jwks is not a JSON Web Key Set: {error}.", fields=["api.jwks"]) from error
    return keys


def _key(each: dict[str, Any]) -> jwt.PyJWK:
    key = jwt.PyJWK({name: value for name, value in each.items() if name != "d"}, ALGORITHMS[each["kty"]])
    if each["kty"] == "RSA" and key.key.key_size < LEAST_RSA_BITS:
        raise ValueError(f"an RSA key has fewer than {LEAST_RSA_BITS} bits")
    if each["kty"] == "EC" and each.get("crv") != "P-256":
        raise ValueError("an EC key is not on the curve P-256")
    return key


def _load(source: str) -> str:
    if source.lstrip().startswith("{"):
        return source
    if source.startswith(ADDRESS):
        with urllib.request.urlopen(source, timeout=5) as answer:
            return str(answer.read(LARGEST_SET).decode(errors="replace"))
    return Path(source).read_text(encoding="utf-8", errors="replace")
