"""Tokens that are believed, and all those that are not."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tactful.api import auth
from tactful.api.auth import Token, Verifier
from tactful.api.settings import JWKS_SECONDS
from tactful.bootstrap.settings import JWKS
from tactful.kernel.clock import SetClock
from tactful.kernel.errors import BadSetting, NotReady, NotSignedIn
from tactful.kernel.settings import Settings

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEY = "a secret that is long enough for HS256"
CLAIMS: dict[str, Any] = {
    "sub": "42",
    "org": "acme",
    "scope": "person",
    "aud": "tactful",
    "exp": int((NOW + timedelta(hours=1)).timestamp()),
}
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_PUBLIC = RSA_KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def key_set(**extra: Any) -> str:
    one = RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True) | {"kid": "rsa"}
    two = ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True) | {"kid": "ec"}
    return json.dumps({"keys": [one, two, *extra.values()]})


def verifier(*, key: str = KEY, jwks: str = "", clock: SetClock | None = None, seconds: int = 300) -> Verifier:
    settings = Settings({JWKS.name: jwks, JWKS_SECONDS.name: seconds})
    return Verifier(settings, key=key, clock=clock or SetClock(NOW))


def signed(key: Any = KEY, algorithm: str = "HS256", headers: dict[str, Any] | None = None, **changes: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    # The library would refuse to write some of these; we are the attacker here.
    return jwt.api_jws.encode(json.dumps(claims).encode(), key, algorithm=algorithm, headers=headers)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def refused(token: str, by: Verifier | None = None) -> str:
    with pytest.raises(NotSignedIn) as told:
        await (by or verifier()).verify(token)
    return told.value.detail


async def test_an_issued_token_is_believed() -> None:
    token = auth.issue(KEY, sub="42", org="acme", scope="service", now=NOW, hours=1, token_id="t1")
    told = await verifier().verify(token)
    assert told == Token("42", "acme", "service", NOW.timestamp() + 3600, "t1", NOW.timestamp())


async def test_a_numeric_subject_is_the_same_person() -> None:
    assert (await verifier().verify(signed(sub=42))).subject == "42"


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(RSA_KEY, "RS256", "rsa"), (EC_KEY, "ES256", "ec")])
async def test_keys_of_an_issuer_are_believed(key: Any, algorithm: str, kid: str) -> None:
    token = signed(key, algorithm, {"kid": kid})
    assert (await verifier(key="", jwks=key_set()).verify(token)).subject == "42"


@pytest.mark.parametrize("name", ["sub", "org", "scope", "aud", "exp"])
async def test_every_claim_is_needed(name: str) -> None:
    changes: dict[str, Any] = {name: None}
    assert await refused(signed(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": []},
        {"aud": {"tactful": 1}},
        {"scope": "root"},
        {"scope": ["person"]},
        {"sub": ""},
        {"sub": "a\x00b"},
        {"sub": "x" * 256},
        {"sub": True},
        {"sub": {"$ne": 1}},
        {"org": " "},
        {"exp": "soon"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": -1},
        {"exp": NOW.timestamp() - 60},
        {"nbf": NOW.timestamp() + 60},
        {"nbf": "later"},
    ],
)
async def test_claims_that_do_not_fit_are_refused(changes: dict[str, Any]) -> None:
    assert await refused(signed(**changes))


async def test_a_token_expires_while_it_is_remembered() -> None:
    clock = SetClock(NOW)
    door, token = verifier(clock=clock), signed()
    await door.verify(token)
    clock.advance(timedelta(hours=1, seconds=11))
    assert "expired" in await refused(token, door)


async def test_an_unsigned_token_is_refused() -> None:
    for algorithm in ("none", "None", "NONE", "nOnE", ""):
        assert await refused(f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(CLAIMS)}.")
    head, body, _ = signed().split(".")
    assert await refused(f"{head}.{body}.")


async def test_a_changed_token_is_refused() -> None:
    head, body, signature = signed().split(".")
    forged = part(CLAIMS | {"sub": "43"})
    assert await refused(f"{head}.{forged}.{signature}")
    assert await refused(f"{head}.{body}.{signature[:-4]}AAAA")


async def test_another_secret_is_refused() -> None:
    assert await refused(signed("another secret that is long enough too"))


async def test_a_public_key_is_not_taken_for_a_secret() -> None:
    head, body = part({"alg": "HS256", "typ": "JWT", "kid": "rsa"}), part(CLAIMS)
    for secret in (RSA_PUBLIC, key_set().encode(), b""):
        made = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest()
        token = f"{head}.{body}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"
        assert await refused(token, verifier(key="", jwks=key_set()))
        assert await refused(token, verifier(jwks=key_set()))


async def test_a_key_is_bound_to_its_algorithm() -> None:
    door = verifier(key="", jwks=key_set())
    assert await refused(signed(RSA_KEY, "RS256", {"kid": "ec"}), door)
    assert await refused(signed(EC_KEY, "ES256", {"kid": "rsa"}), door)
    assert await refused(signed(RSA_KEY, "RS512", {"kid": "rsa"}), door)
    assert await refused(signed(RSA_KEY, "RS256"), door), "which key is not said"
    assert await refused(signed(RSA_KEY, "RS256", {"kid": "rsa"})), "there is no key set"


async def test_a_secret_hidden_in_a_key_set_is_not_used() -> None:
    secret = base64.urlsafe_b64encode(KEY.encode()).rstrip(b"=").decode()
    door = verifier(key="", jwks=key_set(oct={"kty": "oct", "kid": "oct", "k": secret, "alg": "HS256"}))
    assert await refused(signed(headers={"kid": "oct"}), door)


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", "...", "a.b.c", "Bearer", "x" * 8193, "\x00", "é.é.é", "ey.ey.ey",
        f"{part([])}.{part([])}.", f"{part({'alg': 'HS256'})}.{part([1])}.AAAA",
        f"{part({'alg': ['HS256']})}.{part(CLAIMS)}.AAAA",
        f"{part({'alg': 'HS256', 'crit': ['x']})}.{part(CLAIMS)}.AAAA",
        f"{part({'alg': 'HS256', 'kid': {}})}.{part(CLAIMS)}.AAAA",
        f"{part({'alg': 'RS256', 'kid': []})}.{part(CLAIMS)}.AAAA", "[" * 8000,
    ],
)  # fmt: skip
async def test_what_is_no_token_is_refused(token: str) -> None:
    assert await refused(token)
    assert await refused(token, verifier(key="", jwks=key_set()))


async def test_a_rotated_key_is_found(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(key_set(), encoding="utf-8")
    door = verifier(key="", jwks=str(file), seconds=0)
    await door.verify(signed(RSA_KEY, "RS256", {"kid": "rsa"}))
    newer = ec.generate_private_key(ec.SECP256R1())
    public = ECAlgorithm.to_jwk(newer.public_key(), as_dict=True) | {"kid": "newer"}
    file.write_text(json.dumps({"keys": [public]}), encoding="utf-8")
    assert (await door.verify(signed(newer, "ES256", {"kid": "newer"}))).subject == "42"
    assert await refused(signed(RSA_KEY, "RS256", {"kid": "rsa"}, sub="43"), door), "its key is gone"


async def test_a_token_is_not_believed_for_longer_than_its_key(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(key_set(), encoding="utf-8")
    door = verifier(jwks=str(file), seconds=0)
    withdrawn, kept = signed(RSA_KEY, "RS256", {"kid": "rsa"}), signed(EC_KEY, "ES256", {"kid": "ec"})
    for token in (withdrawn, kept, signed()):
        await door.verify(token)
    file.write_text(json.dumps({"keys": json.loads(key_set())["keys"][1:]}), encoding="utf-8")
    await refused(withdrawn, door)
    for token in (kept, signed()):
        assert (await door.verify(token)).subject == "42"


async def test_a_token_is_not_believed_when_another_key_has_taken_its_keys_name(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(key_set(), encoding="utf-8")
    door, token = verifier(key="", jwks=str(file), seconds=0), signed(EC_KEY, "ES256", {"kid": "ec"})
    await door.verify(token)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    file.write_text(json.dumps({"keys": [ECAlgorithm.to_jwk(other, as_dict=True) | {"kid": "ec"}]}), encoding="utf-8")
    await refused(token, door)


@pytest.mark.parametrize("answer", ["<html>Bad gateway</html>", "", "[]", '{"keys": [{"kty": "RSA"}]}'])
async def test_keys_outlive_an_answer_that_is_no_key_set(answer: str, tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(key_set(), encoding="utf-8")
    door = verifier(key="", jwks=str(file), seconds=0)
    await door.verify(signed(RSA_KEY, "RS256", {"kid": "rsa"}))
    file.write_text(answer, encoding="utf-8")
    assert (await door.verify(signed(RSA_KEY, "RS256", {"kid": "rsa"}, sub="43"))).subject == "43"


async def test_keys_outlive_a_short_absence_of_their_source(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    door = verifier(key="", jwks=str(file), seconds=0)
    with pytest.raises(NotReady):
        await door.verify(signed(RSA_KEY, "RS256", {"kid": "rsa"}))
    file.write_text(key_set(), encoding="utf-8")
    await door.verify(signed(RSA_KEY, "RS256", {"kid": "rsa"}))
    file.unlink()
    assert (await door.verify(signed(RSA_KEY, "RS256", {"kid": "rsa"}, sub="43"))).subject == "43"


async def test_a_key_set_that_is_none_says_so() -> None:
    weak = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 1024).public_key(), as_dict=True)
    for text in ("{}", '{"keys": 1}', '{"keys": [{"kty": "RSA", "n": "x"}]}', json.dumps({"keys": [weak]})):
        with pytest.raises(BadSetting, match="Key Set"):
            await verifier(key="", jwks=text).verify(signed(RSA_KEY, "RS256", {"kid": "rsa"}))


class Issuer(BaseHTTPRequestHandler):
    """Hands out the key set and counts how often it was asked."""

    asked = 0

    def do_GET(self) -> None:
        Issuer.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(key_set().encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


async def test_keys_are_fetched_from_an_address_and_strangers_cannot_make_us_fetch_again() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        door = verifier(key="", jwks=f"http://127.0.0.1:{server.server_port}/keys")
        for number in range(3):
            await door.verify(signed(EC_KEY, "ES256", {"kid": "ec"}, sub=str(number)))
            assert await refused(signed(EC_KEY, "ES256", {"kid": f"made up {number}"}), door)
        server.shutdown()
    assert Issuer.asked == 1


def test_keys_are_not_fetched_in_the_clear() -> None:
    with pytest.raises(BadSetting, match="without https"):
        JWKS.parse("http://issuer.example.org/keys", source="tactful.toml")
