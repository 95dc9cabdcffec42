"""What is sealed for a browser: byte for byte as the standard's own example, and readable by nobody else."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as some

from tactful.deliver.web_push.keys import decoded, encoded, private_key, public_key
from tactful.deliver.web_push.sealing import BODY, MOST, seal, unseal

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
SERVER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def key(told: str):  # type: ignore[no-untyped-def]
    return derive_private_key(int.from_bytes(decoded(told)), SECP256R1())


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    body = seal(PLAIN, decoded(POINT), decoded(AUTH), own=key(SERVER), salt=decoded(SALT))
    assert encoded(body) == SEALED
    assert unseal(decoded(SEALED), key(BROWSER), decoded(AUTH)) == PLAIN


@given(some.binary(max_size=MOST))
def test_whatever_is_sealed_is_read_as_it_was(plain: bytes) -> None:
    body = seal(plain, decoded(POINT), decoded(AUTH), own=key(SERVER), salt=decoded(SALT))
    assert len(body) <= BODY
    assert unseal(body, key(BROWSER), decoded(AUTH)) == plain


def test_what_fills_the_room_fills_what_push_services_take() -> None:
    assert len(seal(b"x" * MOST, decoded(POINT), decoded(AUTH), own=key(SERVER), salt=decoded(SALT))) == BODY


def test_nobody_else_reads_it_and_nobody_changes_it() -> None:
    with pytest.raises(ValueError, match="somebody else"):
        unseal(decoded(SEALED), generate_private_key(SECP256R1()), decoded(AUTH))
    changed = decoded(SEALED)[:-1] + b"\0"
    with pytest.raises(ValueError, match="somebody else"):
        unseal(changed, key(BROWSER), decoded(AUTH))


def test_a_key_as_it_is_usually_written_is_that_key() -> None:
    point = key(SERVER).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert public_key(private_key(SERVER)) == encoded(point)


def test_a_secret_makes_the_same_key_every_time_and_another_secret_another() -> None:
    # The last has the length of a key, but is a number that no key is.
    secrets = ["a secret of more than 32 letters", "b secret of more than 32 letters", "_" * 43]
    keys = [public_key(private_key(secret)) for secret in secrets]
    assert keys == [public_key(private_key(secret)) for secret in secrets]
    assert len(set(keys)) == 3
