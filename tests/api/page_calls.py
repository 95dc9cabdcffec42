"""What addresses for pages and data rights call, and those of live sessions; and how those calls are called well."""

from datetime import UTC, datetime
from typing import Any

from tactful.facts.beats import Beat
from tactful.facts.chats import Heard, Text
from tactful.facts.here import Asked
from tests.api.console_calls import CONSOLE_CALLS, CONSOLE_GOOD
from tests.api.experiment_calls import EXPERIMENT_CALLS, EXPERIMENT_GOOD
from tests.api.live_calls import ABOUT_A_PARTICIPANT, CALLED_OTHERWISE, LIVE_CALLS, LIVE_GOOD
from tests.api.milestone_calls import MILESTONE_CALLS, MILESTONE_GOOD, MILESTONES_ABOUT
from tests.api.outside_calls import OUTSIDE_ABOUT, OUTSIDE_CALLS, OUTSIDE_GOOD
from tests.api.own_kinds_calls import OWN_KINDS_CALLS, OWN_KINDS_GOOD

__all__ = ["CALLED_OTHERWISE", "MORE_ABOUT", "MORE_CALLS", "MORE_GOOD", "PAGE_ABOUT"]

HELP = {"user_behavior": {"time_on_section": 5}, "current_context": {"page": "lesson"}, "user_id": 42}
MORE_CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    **LIVE_CALLS,
    **CONSOLE_CALLS,
    **MILESTONE_CALLS,
    **OUTSIDE_CALLS,
    **EXPERIMENT_CALLS,
    **OWN_KINDS_CALLS,
    "POST /ambient/inline-help/check": ("check_help", HELP),
    "POST /ambient/inline-help/response": (
        "answer_inline_help", {"help_id": 2**50, "user_response": "accepted", "user_id": 42},
    ),
    "POST /ambient/quick-actions": ("quick_actions", {"current_page": "lesson", "user_id": 42}),
    "POST /ambient/quick-actions/used": (
        "use_quick_action", {"action_id": "review", "current_page": "lesson", "user_id": 42},
    ),
    "GET /api/v1/settings": ("configuration", None),
    "PUT /api/v1/settings": ("change_settings", {"settings": {"decide.holdout": 0.1}}),
    "GET /api/v1/settings/history": ("configuration_history", None),
    "POST /api/v1/settings/undo": ("undo_configuration", {"version": 1}),
    "POST /api/v1/settings/rehearse": ("rehearse_settings", {"settings": {"decide.holdout": 0.1}}),
    "GET /api/v1/templates": ("templates", None),
    "GET /api/v1/templates/history": ("template_history", None),
    "POST /api/v1/templates/undo": ("undo_template", {"version": 1}),
    "PUT /api/v1/templates/{id}": ("change_template", {"content": None}),
    "POST /api/v1/templates/{id}/preview": ("preview_template", {}),
    "POST /ambient/presence/beats": ("beats", {"beats": [{"page": "lesson", "user_id": 42}]}),
    "GET /proactive/interventions/{id}/why": ("why", None),
    "GET /proactive/consent": ("consent", None),
    "PUT /proactive/consent": ("change_consent", {"presence": True, "user_id": 42}),
    "GET /proactive/my-data": ("export", None),
    "POST /proactive/forget-me": ("erase", {"confirm": "forget me"}),
    "GET /api/v1/people/{id}/export": ("export", None),
    "DELETE /api/v1/people/{id}": ("erase", None),
    "GET /api/v1/push/key": ("push_key", None),
    "POST /api/v1/tokens/widget": ("widget_token", {"user_id": 42}),
    "DELETE /api/v1/tokens/widget": ("end_widget_tokens", None),
    "POST /api/v1/telegram": ("take_posted", None),
}  # fmt: skip
MORE_ABOUT = (*ABOUT_A_PARTICIPANT, "DELETE /api/v1/tokens/widget")
PAGE_ABOUT = ("/proactive/interventions/{id}/why", "/proactive/consent", *OUTSIDE_ABOUT, *MILESTONES_ABOUT)
MORE_GOOD: dict[str, dict[str, Any]] = {
    **{each: {} for each in ("configuration", "configuration_history", "templates", "template_history", "governed")},
    **{each: {"settings": {"decide.holdout": 0.1}} for each in ("change_settings", "rehearse_settings")},
    **{each: {"version": 1} for each in ("undo_configuration", "undo_template")},
    "change_template": {"name": "people.gentle_nudge", "content": None},
    "preview_template": {"name": "people.gentle_nudge"},
    **LIVE_GOOD,
    **CONSOLE_GOOD,
    **MILESTONE_GOOD,
    **OUTSIDE_GOOD,
    **EXPERIMENT_GOOD,
    **OWN_KINDS_GOOD,
    "beats": {"beats": [Beat("42", "x", datetime(2026, 1, 31, tzinfo=UTC))]},
    "check_help": {"asked": Asked("acme", "42", "lesson")},
    "answer_inline_help": {"help_id": 1, "response": "accepted"},
    "why": {"intervention_id": 1},
    "consent": {},
    "change_consent": {"changes": {"presence": True}},
    "export": {},
    "erase": {},
    "widget_token": {},
    "end_widget_tokens": {},
    "told_last": {},
    "locale": {},
    "heard_words": {"channel": "telegram", "heard": Heard("1", "7", datetime(2026, 1, 31, tzinfo=UTC), Text("x"))},
}
