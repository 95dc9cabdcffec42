"""Saying something at several addresses at once; needs the extra `tactful[alerts]`."""

from collections.abc import Callable, Sequence

from apprise import Apprise

from tactful.kernel.errors import BadSetting

NAME = "operator_alerts.apprise_urls"


def everywhere(urls: Sequence[str]) -> Callable[[str, str], bool]:
    """What says a title and a text at all of them, and answers whether all took it.

    raises: BadSetting for an address that Apprise does not know; which it is, not what it is, for it holds secrets.
    """
    known = Apprise()
    for number, url in enumerate(urls, 1):
        if not known.add(url):
            raise BadSetting(f"Apprise does not know address {number} of {NAME}.", fields=[NAME])
    return lambda title, text: bool(known.notify(title=title, body=text))
