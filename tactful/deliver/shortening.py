"""Words made to fit where there is room for so many bytes only."""

from collections.abc import Callable

CUT = "\u2026"


def shortened(text: str, over: Callable[[str], int]) -> str | None:
    """The most of `text` that fits, ending with an ellipsis where some is missing; None where not even nothing fits.

    over: by how many bytes a text is too long.

    >>> shortened("so much to say", lambda text: len(text.encode()) - 10)
    'so much\u2026'
    """
    kept, told = text, text
    while (more := over(told)) > 0:
        if not kept:
            return None
        # No letter takes more than four bytes, or six where it is escaped.
        kept = kept[: -max(1, more // 6)].rstrip()
        told = kept + CUT
    return told
