"""Reaching people, a folder for each channel. Adding one: its folder and a line below."""

from tactful.deliver.email import Email
from tactful.deliver.in_app import InApp
from tactful.deliver.mobile_push import MobilePush
from tactful.deliver.pubsub import Pubsub
from tactful.deliver.reddit import Reddit
from tactful.deliver.telegram import Telegram
from tactful.deliver.web_push import WebPush
from tactful.deliver.webhook import Webhook
from tactful.kernel.ports import Channel, Fetched, Pushed
from tactful.kernel.settings import Settings

__all__ = ["CHANNELS", "FETCHED", "HELD", "PROGRAMS", "PUSHED", "set_up"]

# What waits until the person comes by.
FETCHED: dict[str, Fetched] = {InApp.name: InApp()}
# What goes out. Each class makes its channel of settings, and none where it lacks what it needs.
PUSHED = (
    Webhook,
    Email,
    WebPush,
    MobilePush,
    Pubsub,
    Telegram,
    Reddit,
)
# Of these, those that reach programs, not people.
PROGRAMS = frozenset({Webhook.name, Pubsub.name})
# And those whose addresses nobody can tell but who holds them: a browser, a phone.
HELD = frozenset({WebPush.name, MobilePush.name})
CHANNELS: tuple[type[Channel] | Channel, ...] = (*FETCHED.values(), *PUSHED)


def set_up(settings: Settings) -> dict[str, Pushed]:
    """The channels that these settings let go out, by name."""
    made = {each.name: each.of(settings) for each in PUSHED}
    return {name: channel for name, channel in made.items() if channel is not None}
