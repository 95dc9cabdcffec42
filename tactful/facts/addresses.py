"""Addresses that a page may be sent to."""

import re

# A path, a query or a place within the product, or a site by its name: never what a browser would run as a program,
# and never what looks like a path and names a site.
ADDRESS = re.compile(r"(/(?![/\\])|\?|#|https?://[A-Za-z0-9.-]+)[^\s\\\x00-\x1f\x7f]*\Z")


def is_address(text: str) -> bool:
    """Whether a page may lead somebody there.

    >>> is_address("/lessons/4"), is_address("https://example.org/a"), is_address("javascript:alert(1)")
    (True, True, False)
    """
    return ADDRESS.match(text) is not None
