"""What each address of live sessions calls, with a body that it takes; and how each of those calls is called well."""

from datetime import UTC, datetime
from typing import Any

from tactful.facts.audiences import LiveSession, Signal

ROOM = "/api/v1/live/sessions/{id}"
POLL, QUESTION, SUGGESTION = (
    f"{ROOM}/polls/{{poll_id}}",
    f"{ROOM}/questions/{{question_id}}",
    "/api/v1/live/suggestions",
)
HISTORY = "/api/v1/interventions"
BY_HAND = {"session_id": "7", "event_id": "7", "intervention_type": "POLL", "reason": "The speaker asks for it"}
LIVE_CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "POST /api/v1/live/sessions": ("add_live_session", {"session_id": "keynote", "event_id": "conference"}),
    "GET /api/v1/live/sessions": ("live_sessions", None),
    f"GET {ROOM}": ("live_session", None),
    f"PUT {ROOM}": ("change_live_session", {"event_id": "conference"}),
    f"POST {ROOM}/start": ("start_live_session", None),
    f"POST {ROOM}/end": ("end_live_session", None),
    f"POST {ROOM}/signals": ("hear", {"signals": [{"id": "1", "kind": "chat"}]}),
    f"GET {ROOM}/suggestions": ("suggestions", None),
    f"GET {ROOM}/report": ("live_report", None),
    f"POST {SUGGESTION}/{{id}}/approve": ("approve", {}),
    f"POST {SUGGESTION}/{{id}}/dismiss": ("dismiss", {}),
    f"POST {HISTORY}/manual": ("set_off", BY_HAND),
    f"GET {HISTORY}/history/{{id}}": ("live_history", None),
    f"GET {HISTORY}/history/event/{{id}}": ("live_history_of_event", None),
    f"GET {HISTORY}/stats/{{id}}": ("live_stats", None),
    f"GET {ROOM}/polls": ("polls", None),
    f"POST {ROOM}/polls": ("open_poll", {"question": "Which?", "options": ["this", "that"]}),
    f"GET {POLL}": ("poll", None),
    f"POST {POLL}/vote": ("vote", {"choice": 1, "user_id": 42}),
    f"POST {POLL}/close": ("close_poll", None),
    f"GET {ROOM}/questions": ("questions", None),
    f"POST {ROOM}/questions": ("ask_room", {"words": "Why?", "user_id": 42}),
    f"POST {QUESTION}/vote": ("want_answered", {"user_id": 42}),
    f"DELETE {QUESTION}/vote": ("want_answered", None),
    f"POST {QUESTION}/answered": ("settle_question", None),
    f"POST {QUESTION}/hide": ("settle_question", None),
    f"GET {ROOM}/leaderboard": ("leaderboard", None),
    f"GET {ROOM}/achievements": ("achievements", None),
    f"POST {ROOM}/ticket": ("room", None),
    f"GET {ROOM}/stream": ("room", None),
}
ABOUT_A_PARTICIPANT = (f"DELETE {QUESTION}/vote", f"GET {ROOM}/achievements")

KEYNOTE: dict[str, Any] = {"session_id": "keynote"}
ON_A_POLL = KEYNOTE | {"poll_id": "11111111-1111-4111-8111-111111111111"}
LIVE_GOOD: dict[str, dict[str, Any]] = {
    "hear": {"told": [Signal("1", "keynote", "chat", datetime(2026, 1, 31, tzinfo=UTC))]},
    "add_live_session": {"told": LiveSession("keynote", "conference")},
    "change_live_session": {"told": LiveSession("keynote", "conference")},
    **dict.fromkeys(("live_session", "start_live_session", "end_live_session"), KEYNOTE),
    **dict.fromkeys(("live_report", "live_sheet", "live_stats", "live_history", "suggestions"), KEYNOTE),
    "live_sessions": {},
    "happening": {"since": datetime(2026, 1, 31, tzinfo=UTC)},
    "heard_lately": {"sessions": ["keynote"], "since": datetime(2026, 1, 31, tzinfo=UTC)},
    "attending": KEYNOTE,
    "switch_live_session": KEYNOTE | {"mode": "manual"},
    "preview_live": KEYNOTE | {"kind": "POLL"},
    "live_history_of_event": {"event_id": "conference"},
    "approve": {"suggestion_id": 7},
    "dismiss": {"suggestion_id": 7},
    "set_off": KEYNOTE | {"event_id": "conference", "kind": "POLL", "reason": "asked for"},
    **dict.fromkeys(("room", "polls", "questions", "leaderboard"), KEYNOTE),
    "open_poll": KEYNOTE | {"question": "Which?", "options": ["this", "that"]},
    "poll": ON_A_POLL,
    "close_poll": ON_A_POLL,
    "vote": ON_A_POLL | {"participant": "42", "choice": 1},
    "ask_room": KEYNOTE | {"participant": "42", "words": "Why?"},
    "want_answered": KEYNOTE | {"participant": "42", "question_id": 7},
    "settle_question": KEYNOTE | {"question_id": 7, "answered": True},
    "achievements": KEYNOTE | {"participant": "42"},
}
# What errors call a parameter, where it is not its name.
CALLED_OTHERWISE = {("write_organisation", "organisation"): "name", ("start_live_session", "at"): "started_at"}
