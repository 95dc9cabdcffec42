"""Apprise behind one function: for alerts to operators, not a channel, for no person is reached through it.

speaks: whatever the addresses in `operator_alerts.apprise_urls` name: chats, pagers, e-mail, push
answers: whether all of them took it
limits: it comes again where one of them did not take it, so those that did may hear it twice; addresses are the host's
    own and may lead inside
needs: the extra `tactful[alerts]`, which is loaded only when there is something to be said
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

Say = Callable[[str, str], bool]


def sayer(urls: str) -> Say | None:
    """What says a title and a text at all of these addresses, with blanks between them; None without any.

    raises: ModuleNotFoundError where the extra is not installed; ValueError for an address Apprise does not know.
    """
    if not urls.strip():
        return None
    library: Any = import_module("apprise")
    everywhere = library.Apprise()
    for number, url in enumerate(urls.split(), 1):
        if not everywhere.add(url):
            raise ValueError(f"Apprise does not know address {number} of operator_alerts.apprise_urls.")
    return lambda title, text: bool(everywhere.notify(title=title, body=text))
