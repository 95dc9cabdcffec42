"""The page of one live session: its course, its audience, and everything that was done in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tactful.console.now import shown
from tactful.console.pages import ORGANISER
from tactful.console.pictures.bars import bars
from tactful.console.session import course
from tactful.console.session.form import form_of, kind_of, told
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Shown, Visit
from tactful.kernel.errors import BadInput, TactfulError
from tactful.sense import limits
from tactful.store.sensed.attending import ORDERS

Row = Mapping[str, Any]


async def show(visit: Visit) -> Shown:
    """The page; with what would be said, where somebody asks for that."""
    session_id = visit.text("id")
    if not visit.asked.get("preview") or not visit.operator.may(ORGANISER):
        return await shown_of(visit, session_id)
    kind = kind_of(visit)
    words = told(visit.asked, kind)
    try:
        preview = await visit.engine.preview_live(visit.organisation, session_id, kind, context=words)
    except MISTAKES as error:
        return await shown_of(visit, session_id, error=error)
    return await shown_of(visit, session_id, preview=preview)


async def shown_of(
    visit: Visit, session_id: str, *, error: TactfulError | None = None, preview: Row | None = None
) -> Shown:
    """The page of a session. error: what was wrong with what was sent; preview: what would be said.

    raises: BadInput, NotFound.
    """
    if not session_id:
        raise BadInput("id must name a live session.", fields=["id"])
    limits.name(session_id, "id")
    order = visit.choice("sort", [*ORDERS, *(f"-{each}" for each in ORDERS)], "-last_at")
    offset = visit.whole("after", 0, high=1_000_000)
    engine, organisation = visit.engine, visit.organisation
    session = await engine.live_session(organisation, session_id)
    report = await engine.live_report(organisation, session_id)
    people = await engine.attending(organisation, session_id, order=order, limit=visit.rows + 1, offset=offset)
    listed = people["people"][: visit.rows]
    named = [*listed, *people["hands"], *report["questions"], *report["leaderboard"]]
    # What was sent is answered at another address; links lead to the page all the same.
    visit = replace(visit, asked={"id": session_id} | ({} if visit.form else dict(visit.asked)))
    values = {
        "visit": visit,
        "session": session | {"name": shown.called(session), "mode_word": shown.MODES[session["mode"]]},
        "modes": tuple(shown.MODES.items()),
        "summary": report["summary"],
        "cut": report["cut"],
        "answer": answer(session, report),
        "picture": course.picture(report),
        "course": course.rows(report),
        "polls": [_poll(poll, visit) for poll in reversed(report["polls"])],
        "questions": report["questions"],
        "leaderboard": report["leaderboard"],
        "people": listed,
        "people_total": people["total"],
        "hands": people["hands"],
        "known": await engine.known(organisation, {row["participant"] for row in named}),
        "sorted": order,
        "older": visit.with_(after=offset + len(listed)) if len(people["people"]) > len(listed) else None,
        "may": visit.operator.may(ORGANISER),
        "error": error,
        "form": form_of(visit, preview),
        "preview": preview,
    }
    shown_changes = changes(session, report)
    return Shown("session.html", values | shown_changes, tables(report, listed), status=error.status if error else 200)


def answer(session: Row, told: Row) -> str:
    """How it stands, in a sentence."""
    state = {"planned": "It has not begun", "live": "It runs", "ended": "It has ended"}[session["state"]]
    if session["state"] == "planned":
        return f"{state}. Whoever is in it already is counted once it does."
    known = [row["engagement"] for row in told["timeline"] if row["engagement"] is not None]
    if session["state"] == "live":
        level = f"{100 * known[-1]:.0f} %" if known else "unknown"
        return f"{state}: {_people(session['viewers'])} there, engagement {level}."
    whole = f"{100 * told['summary']['engagement']:.0f} % on average" if known else "unknown"
    return f"{state}: at most {_people(told['summary']['most_viewers'])} were there, engagement {whole}."


def _people(many: int) -> str:
    return "1 person" if many == 1 else f"{many:,} people"


def changes(session: Row, told: Row) -> dict[str, Any]:
    """What was proposed, done and came of it, as the page Now shows it; newest first."""
    name = {"session_id": session["session_id"], "title": session["title"]}
    proposed = [shown.change(name | _suggestion(row)) for row in reversed(told["suggestions"])]
    done = [_done(name, row) for row in reversed(told["interventions"])]
    return {
        "suggestions": [each for each in proposed if each["waiting"]],
        "proposed": [each for each in proposed if not each["waiting"]],
        "done": done,
    }


def _suggestion(row: Row) -> dict[str, Any]:
    named = ("id", "type", "confidence", "priority", "reasoning", "content", "answered_by", "state")
    when = {"at": row["suggested_at"], "until": row["expires_at"], "done_at": row["answered_at"]}
    return {"kind": "suggestion", "key": str(row["id"]), "told": {each: row[each] for each in named}} | when


def _done(name: Row, row: Row) -> dict[str, Any]:
    """An intervention with what came of it, where that is known."""
    came = row["outcome"] or {}
    told = {"type": row["type"], "content": row["metadata"], "before": None, "outcome": row["outcome"]}
    when = {"at": row["timestamp"], "until": None, "done_at": None}
    both = {"kind": "outcome", "key": row["id"], "told": told | {"spoiled": bool(came.get("spoiled"))}}
    return shown.change({**name, **when, **both}) | {"by": shown.actor(row["actor"]), "why": row["reasoning"]}


def _poll(poll: Row, visit: Visit) -> dict[str, Any]:
    votes = poll["votes"]
    rows = [
        (option, count, _share(count, votes)) for option, count in zip(poll["options"], poll["counts"], strict=True)
    ]
    is_open = poll["closed_at"] is None and poll["closes_at"] > visit.at
    return {**poll, "bars": bars(rows, most=votes or None), "open": is_open}


def _share(count: int, votes: int) -> str:
    return f"{count:,}" if not votes else f"{count:,} ({100 * count / votes:.0f} %)"


def tables(told: Row, people: Sequence[Row]) -> list[Table]:
    """What can be saved."""
    names = ("participant", "present", "first_at", "last_at", "chats", "reactions", "votes", "questions", "hands")
    votes = [
        [poll["opened_at"], poll["question"], option, count]
        for poll in told["polls"]
        for option, count in zip(poll["options"], poll["counts"], strict=True)
    ]
    asked = ("asked_at", "words", "votes", "answered_at", "hidden_at")
    return [
        Table("course", course.COLUMNS, course.rows(told)),
        Table("polls", ("opened_at", "question", "option", "votes"), votes),
        Table("questions", asked, [[row[name] for name in asked] for row in told["questions"]]),
        Table("people", names, [[row[name] for name in names] for row in people]),
    ]
