"""One thing that somebody did in a chat: what it changes, and what is said to it.

Each may come twice, where a worker died before it was noted: whatever is done here may be done again.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from tactful.compose import chats as words
from tactful.facts.chats import (
    Blocked,
    Heard,
    Help,
    Preferences,
    Pressed,
    Quiet,
    Start,
    Stop,
    Text,
    Unblocked,
    Unknown,
    Why,
)  # fmt: skip
from tactful.kernel.errors import NotFound

Row = Mapping[str, Any]
# Whose chat it is: organisation and person.
Whom = tuple[str, str]


class Desk(Protocol):
    """What a conversation asks of the engine."""

    async def linked(self, channel: str, token: str, address: str, *, wording: str | None = None) -> Row | None:
        """Link a chat by a one-time token; None where it is none, or over."""
        ...

    async def whose(self, channel: str, address: str) -> Whom | None:
        """Organisation and person whom a chat belongs to."""
        ...

    async def owners(self, channel: str, address: str) -> Sequence[Whom]:
        """All whose chat it is, as products have told; first whom `whose` answers."""
        ...

    async def stop(
        self, organisation: str, person: str, *, again: bool = False, source: str = "", wording: str | None = None
    ) -> Row:
        """Let nothing reach the person any more, or again."""
        ...

    async def answered(self, mark: str, response: str) -> Row:
        """Record an answer to what a mark names. raises: NotFound."""
        ...

    async def preferences(self, organisation: str, person: str) -> Row:
        """How the person wants to be reached."""
        ...

    async def change_preferences(self, organisation: str, person: str, changes: Row) -> Row:
        """Change what is named."""
        ...

    async def why(self, organisation: str, person: str, intervention_id: int) -> Row:
        """Why the person got something. raises: NotFound."""
        ...

    async def told_last(self, organisation: str, person: str) -> Row | None:
        """The id, title, message and shown_at of what the person was told last."""
        ...

    async def heard_words(self, organisation: str, person: str, channel: str, heard: Heard) -> None:
        """Take in a message."""
        ...

    async def let_in(self, channel: str, address: str, *, ours: bool) -> None:
        """Note that a chat shut us out, or (ours) let us in again."""
        ...

    async def first_today(self, channel: str, address: str) -> bool:
        """Whether somebody nobody knows was not answered yet within a day; from now on they were."""
        ...

    async def locale(self, organisation: str, person: str) -> str:
        """The person's language, as a tag."""
        ...


async def converse(desk: Desk, channel: str, heard: Heard) -> str:
    """Do what somebody wants, and answer what to say to it; nothing where nothing is to be said.

    raises: what the engine raises where it cannot just now; then nothing was noted, and it is to be tried again.
    """
    if not heard.chat:
        return ""
    if isinstance(heard.said, Blocked | Unblocked):
        await desk.let_in(channel, heard.chat, ours=isinstance(heard.said, Unblocked))
        return ""
    if isinstance(heard.said, Start) and heard.said.token:
        return await _link(desk, channel, heard, heard.said.token)
    whom = await desk.whose(channel, heard.chat)
    if whom is None:
        first = await desk.first_today(channel, heard.chat)
        return words.say("stranger", heard.language) if first else ""
    tag = heard.language or await desk.locale(*whom)
    return await ANSWERS[type(heard.said)](desk, whom, channel, heard, tag)


async def _link(desk: Desk, channel: str, heard: Heard, token: str) -> str:
    tag = heard.language
    wording = words.say("consent", tag)
    found = await desk.linked(channel, token, heard.chat, wording=wording)
    if found is None:
        # Heard twice, or pressed twice: the token was theirs.
        theirs = await desk.whose(channel, heard.chat)
        return words.say("already" if theirs else "link_over", tag)
    whom = found["organisation"], found["person"]
    # Who opens a new link after they had stopped has changed their mind; that is what the link says.
    await desk.stop(*whom, again=True, source=channel, wording=wording)
    return words.say("linked", tag or await desk.locale(*whom))


async def _start(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    return words.say("already", tag)


async def _text(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    await desk.heard_words(*whom, channel, heard)
    return ""


async def _pressed(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    assert isinstance(heard.said, Pressed)
    try:
        await desk.answered(heard.said.mark, heard.said.response)
    except NotFound:
        return words.say("over", tag)
    return words.thanks(heard.said.response, tag)


async def _stop(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    # Whoever reads this chat wants nothing more in it, for whomever products take them.
    for each in await desk.owners(channel, heard.chat):
        await desk.stop(*each, source=channel)
    return words.say("stopped", tag)


async def _quiet(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    assert isinstance(heard.said, Quiet)
    start, end = heard.said.start, heard.said.end
    if not heard.said.fits:
        return words.say("quiet_unfit", tag)
    await desk.change_preferences(*whom, {"quiet_hours_start": start, "quiet_hours_end": end})
    return words.quiet(start, end, tag)


async def _why(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    last = await desk.told_last(*whom)
    if last is None:
        return words.say("nothing_yet", tag)
    return words.why(await desk.why(*whom, last["id"]), tag)


async def _preferences(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    return words.preferences(await desk.preferences(*whom), tag, channel=channel)


async def _help(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    return words.say("help", tag)


async def _unknown(desk: Desk, whom: Whom, channel: str, heard: Heard, tag: str) -> str:
    return words.say("unknown", tag)


ANSWERS: Mapping[type, Callable[[Desk, Whom, str, Heard, str], Awaitable[str]]] = {
    Start: _start,
    Text: _text,
    Pressed: _pressed,
    Stop: _stop,
    Quiet: _quiet,
    Why: _why,
    Preferences: _preferences,
    Help: _help,
    Unknown: _unknown,
}
