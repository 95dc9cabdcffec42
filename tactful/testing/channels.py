"""The other sides of all channels, by name: a real server each, on the loopback address.

>>> with PEERS["webhook"]() as peer:
...     peer.taken
[]
"""

from collections.abc import Callable, Mapping
from functools import partial

from tactful.testing.email_peer import EmailPeer
from tactful.testing.mobile_push_peer import MobilePushPeer
from tactful.testing.peers import Peer
from tactful.testing.pubsub_peer import PubsubPeer
from tactful.testing.reddit import RedditPeer
from tactful.testing.telegram import TelegramPeer
from tactful.testing.web_push_peer import WebPushPeer
from tactful.testing.webhook_peer import WebhookPeer

PEERS: Mapping[str, Callable[[], Peer]] = {
    "webhook": WebhookPeer,
    "email": EmailPeer,
    "web_push": WebPushPeer,
    "mobile_push": MobilePushPeer,
    "pubsub": PubsubPeer,
    "telegram": TelegramPeer,
    "reddit": RedditPeer,
}
# Where a channel has more than one kind of other side: its name, a stroke, and the kind.
ALSO: Mapping[str, Callable[[], Peer]] = {
    "mobile_push/apns": partial(MobilePushPeer, "apns"),
}
