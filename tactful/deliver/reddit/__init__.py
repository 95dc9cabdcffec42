"""Reddit: a private message of our account to somebody who wrote to it first. Off unless `reddit.enabled` says so.

reaches: people who wrote to our account and linked themselves by a one-time token; nobody else, and never by name
promise: at most once; Reddit cannot tell a copy, so what got no answer is in doubt
way: pushed, as soon as it may be said
address: their name on Reddit, without u/, in small letters
receipt: the status Reddit answered with; it tells no id of a message
limits: a title of 100 characters, 10,000 in all; `reddit.pace` messages a second; answers are words, not buttons
source: Reddit's OAuth API (api/compose, message/unread, api/read_message) and its Responsible Builder Policy
"""

from tactful.deliver.reddit.channel import Reddit

__all__ = ["Reddit"]
