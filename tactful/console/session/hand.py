"""Setting something off by hand: what was looked at before is said."""

from tactful.console import forms
from tactful.console.now import shown
from tactful.console.session.form import kind_of, told
from tactful.console.session.page import shown_of
from tactful.console.visit import MISTAKES, Answer, Gone, Visit
from tactful.uses.rooms.acts import PART

REASON = "Set off from the console."


async def set_off(visit: Visit) -> Answer:
    """Do it."""
    form, kind, session_id = visit.form, kind_of(visit), visit.form.get("session", "")
    session = await visit.engine.live_session(visit.organisation, session_id)
    words = told(form, kind)
    try:
        done = await visit.engine.set_off(
            visit.organisation,
            session_id,
            session["event_id"],
            kind,
            reason=form.get("reason", "").strip() or REASON,
            context=words,
            override=forms.checked(form, "override"),
            actor=visit.operator.actor,
        )
    except MISTAKES as error:
        return await shown_of(visit, session_id, error=error, preview={PART[kind]: words})
    return Gone(shown.address(session_id), done["message"])
