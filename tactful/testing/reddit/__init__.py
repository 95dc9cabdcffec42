"""A Reddit on the loopback address, and the people who write to our account."""

from tactful.testing.reddit.peer import RedditPeer

__all__ = ["RedditPeer"]
