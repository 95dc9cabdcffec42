"""The other sides of all channels, by name: a real server each, on the loopback address.

>>> with PEERS["webhook"]() as peer:
...     peer.taken
[]
"""

from collections.abc import Callable, Mapping

from tactful.testing.peers import Peer
from tactful.testing.reddit import RedditPeer
from tactful.testing.telegram import TelegramPeer
from tactful.testing.webhook_peer import WebhookPeer

PEERS: Mapping[str, Callable[[], Peer]] = {
    "webhook": WebhookPeer,
    "telegram": TelegramPeer,
    "reddit": RedditPeer,
}
