"""What an organiser does with a live session: begins and ends it, says what it may do by itself, settles questions."""

from tactful.console.now.shown import MODES, address
from tactful.console.session.page import shown_of
from tactful.console.visit import Answer, Gone, Visit
from tactful.kernel.errors import BadInput, Conflict


def named(visit: Visit) -> str:
    """The session that a form is about. raises: BadInput."""
    session_id = visit.form.get("session", "")
    if not session_id:
        raise BadInput("session must name a live session.", fields=["session"])
    return session_id


async def run(visit: Visit) -> Answer:
    """Begin or end it."""
    session_id, engine, actor = named(visit), visit.engine, visit.operator.actor
    try:
        if visit.form.get("what") == "end":
            await engine.end_live_session(visit.organisation, session_id, actor=actor)
            return Gone(address(session_id), "It has ended.")
        await engine.start_live_session(visit.organisation, session_id, actor=actor)
    except Conflict as error:
        return await shown_of(visit, session_id, error=error)
    return Gone(address(session_id), "It runs: from now on its audience is heard.")


async def mode(visit: Visit) -> Answer:
    """Say what it may do by itself."""
    session_id = named(visit)
    row = await visit.engine.switch_live_session(
        visit.organisation, session_id, visit.form.get("mode", ""), actor=visit.operator.actor
    )
    return Gone(address(session_id), f"From now on it is {MODES[row['mode']]}.")


async def question(visit: Visit) -> Answer:
    """Mark a question as answered, or take it out of sight; or take that back."""
    session_id, what = named(visit), visit.form.get("what", "")
    marks = {
        "answered": ("answered", True),
        "waiting": ("answered", False),
        "hide": ("hidden", True),
        "show": ("hidden", False),
    }
    if what not in marks:
        raise BadInput(f"what must be one of {', '.join(marks)}.", fields=["what"])
    name, value = marks[what]
    await visit.engine.settle_question(
        visit.organisation, session_id, visit.number("id"), actor=visit.operator.actor, **{name: value}
    )
    return Gone(f"{address(session_id)}#questions")


async def close_poll(visit: Visit) -> Answer:
    """Close a poll before its time."""
    session_id = named(visit)
    poll = visit.form.get("poll", "")
    await visit.engine.close_poll(visit.organisation, session_id, poll, actor=visit.operator.actor)
    return Gone(f"{address(session_id)}#polls", "The poll is closed.")
