"""A Bot API on the loopback address, and the people who chat with the bot."""

from tactful.testing.telegram.peer import TelegramPeer

__all__ = ["TelegramPeer"]
