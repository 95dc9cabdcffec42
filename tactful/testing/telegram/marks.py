"""Telegram's HTML mode: what of it is shown, and what it refuses."""

from html.parser import HTMLParser

ALLOWED = {"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote"}
BOLD = {"b", "strong"}


class Refused(Exception):
    """The Bot API says no: with a status and a description."""

    def __init__(self, status: int, description: str, **parameters: float) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class Shown(HTMLParser):
    """Reads HTML as Telegram does: any other tag, or one left open, and nothing is sent."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        # Pieces of it, each with whether it is bold.
        self.pieces: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A mark of style begins."""
        if tag not in ALLOWED:
            raise Refused(400, f'Bad Request: can\'t parse entities: unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        if not self.open or self.open.pop() != tag:
            raise Refused(400, "Bad Request: can't parse entities: unexpected end tag")

    def handle_data(self, data: str) -> None:
        """What is read."""
        self.text += data
        self.pieces.append((data, not BOLD.isdisjoint(self.open)))


def shown(html: str) -> str:
    """The text that is read. raises: Refused.

    >>> shown("<b>1 &lt; 2</b>")
    '1 < 2'
    """
    return _read(html).text


def pieces(html: str) -> list[tuple[str, bool]]:
    """The same in pieces, each with whether it is bold. raises: Refused.

    >>> pieces("<b>1</b> or 2")
    [('1', True), (' or 2', False)]
    """
    return _read(html).pieces


def _read(html: str) -> Shown:
    reader = Shown()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise Refused(400, "Bad Request: can't parse entities: can't find end tag")
    return reader
