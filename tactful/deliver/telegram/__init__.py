"""Telegram: a message of our bot to somebody who opened a chat with it.

reaches: people who linked their chat by a one-time link; a bot cannot write first
promise: at most once; Telegram cannot tell a copy, so what got no answer is in doubt
way: pushed, as soon as it may be said
address: the chat's id, in digits; of a private chat, not of a group
receipt: the message's id in that chat
limits: 4,096 characters with the title, then it is cut; `telegram.pace` messages a second for all workers together
source: Telegram Bot API 9 (sendMessage, getUpdates, setWebhook)
"""

from tactful.deliver.telegram.channel import Telegram

__all__ = ["Telegram"]
