"""Talking with people in chats: what they say becomes calls of the engine, and a few words back.

It knows no chat from another: a channel reads what its people did, and says what is answered here.
"""

from tactful.uses.chatting.conversation import Desk, converse

__all__ = ["Desk", "converse"]
