"""Reaching people, a folder for each channel. Adding one: its folder and a line below."""

from tactful.deliver import in_app, webhook
from tactful.kernel.ports import Channel

__all__ = ["CHANNELS"]

CHANNELS: tuple[Channel, ...] = (in_app.CHANNEL, webhook.CHANNEL)
