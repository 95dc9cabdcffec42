"""What a letter says, and what it can never be made to say."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from tactful.deliver.email.addresses import mailbox
from tactful.deliver.email.letter import letter
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Delivery, Message
from tests.living import NOW

OUT = "https://tactful.example/api/v1/out/abc?x=1&y=2"
LINK = "https://learn.example/today?a=1&b=2"


def written(
    title: str = "Hello, Ana", body: str = "You are back.", action: str = LINK, *, out: str = OUT, language: str = "en"
) -> EmailMessage:
    said = Delivery(
        7, "email", "ana@example.org", Message(title, body, action), NOW + timedelta(hours=1), out=out, mark="m-7",
        language=language,
    )  # fmt: skip
    made = letter(said, NOW, sender="hello@tactful.example", name="Acme, Ltd.", reply_to="help@tactful.example")
    read = message_from_bytes(bytes(made), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_mailboxes_and_programs_are_told_how_to_stop_it_with_one_click() -> None:
    message = written()
    assert message["List-Unsubscribe"] == f"<{OUT}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == "<m-7@tactful.example>"
    assert (message["Subject"], message["Reply-To"]) == ("Hello, Ana", "help@tactful.example")
    assert message["From"].addresses[0].display_name == "Acme, Ltd."
    assert message["Date"].datetime == NOW


def test_the_way_out_is_seen_in_text_and_in_html() -> None:
    message = written()
    assert part(message, "plain").rstrip().endswith(f"-- \nStop these messages: {OUT}")
    assert f'<a href="{OUT.replace("&", "&amp;")}"' in part(message, "html")


def test_text_is_read_without_the_html() -> None:
    assert part(written(body="One.\n\nTwo."), "plain").startswith(
        f"Hello, Ana\n\nOne.\n\nTwo.\n\nOpen: {LINK}\n\n-- \n"
    )


def test_html_carries_no_styles_but_its_own_and_no_text_becomes_markup() -> None:
    html = part(written("<b>Hi</b>", "<script>x()</script> & co"), "html")
    assert "&lt;b&gt;Hi&lt;/b&gt;" in html
    assert "<script" not in html
    assert "<style" not in html
    assert "http" not in html.replace(LINK.replace("&", "&amp;"), "").replace(OUT.replace("&", "&amp;"), "")


@pytest.mark.parametrize(
    ("language", "direction", "stop"),
    [("en", "ltr", "Stop these messages"), ("de-AT", "ltr", "Diese Nachrichten abbestellen"), ("ar", "rtl", "Stop")],
)
def test_a_letter_reads_in_the_direction_of_its_language(language: str, direction: str, stop: str) -> None:
    message = written(language=language)
    assert f'<html lang="{language}" dir="{direction}">' in part(message, "html")
    assert stop in part(message, "plain")


@pytest.mark.parametrize("language", ['en" onload="x', "", "en\r\nX-Other: 1", "../x"])
def test_a_language_that_is_none_is_taken_for_english(language: str) -> None:
    message = written(language=language)
    assert '<html lang="en" dir="ltr">' in part(message, "html")
    assert message["X-Other"] is None


@pytest.mark.parametrize("action", ["resume", "/today", "javascript:x()", "https://a.example/ b", ""])
def test_what_is_no_address_of_the_web_is_no_link(action: str) -> None:
    message = written(action=action)
    assert "Open" not in part(message, "plain") + part(message, "html")


def test_a_way_out_that_is_no_address_never_becomes_a_header() -> None:
    message = written(out="https://x.example/>\r\nBcc: eve@example.org")
    assert message["List-Unsubscribe"] is None
    assert message["Bcc"] is None


def test_what_steers_programs_is_taken_out_of_words() -> None:
    message = written("Hello\x00\x1b[2J\r\n there", "One\x07.\r\nTwo\r.")
    assert message["Subject"] == "Hello [2J there"
    assert "One .\nTwo\n." in part(message, "plain")


@pytest.mark.parametrize("told", ["ana@Example.ORG", "ana@example.org"])
def test_domains_are_kept_in_one_way_and_names_as_they_are(told: str) -> None:
    assert mailbox(told) == "ana@example.org"
    assert mailbox("O'Neil+tag@example.org") == "O'Neil+tag@example.org"


def test_letters_that_look_alike_are_not_made_the_same() -> None:
    # By the rules of 2003 this would be somebody else's: strasse.example.
    assert mailbox("ana@straße.example") == "ana@xn--strae-oqa.example"


@pytest.mark.parametrize(
    "told", ["ana@exa mple.org", "ana@example..org", "ana@10.0.0.1", '"a b"@example.org', "a..b@c.de"]
)
def test_what_only_looks_like_an_address_is_none(told: str) -> None:
    with pytest.raises(BadInput):
        mailbox(told)
