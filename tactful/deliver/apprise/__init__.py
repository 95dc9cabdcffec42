"""Apprise behind one function: for alerts to operators, not a channel, for no person is reached through it.

speaks: whatever the addresses in `operator_alerts.apprise_urls` name: chats, pagers, e-mail, push
answers: whether all of them took it
limits: it comes again where one of them did not take it, so those that did may hear it twice; addresses are the host's
    own and may lead inside
needs: the extra `tactful[alerts]`, which is loaded only when there is somewhere to say it
"""

from collections.abc import Callable
from importlib import import_module

Say = Callable[[str, str], bool]


def sayer(urls: str) -> Say | None:
    """What says a title and a text at all of these addresses, with blanks between them; None without any.

    raises: ModuleNotFoundError where the extra is not installed; BadSetting for an address Apprise does not know.
    """
    if not urls.strip():
        return None
    made: Say = import_module("tactful.deliver.apprise.everywhere").everywhere(urls.split())
    return made
