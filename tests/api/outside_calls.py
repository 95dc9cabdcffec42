"""How calls about what leaves the product are called well; and what addresses for the same call."""

from typing import Any

MARK = "0" * 32
ADDRESS = {"channel": "webhook", "address": "https://example.org/hook", "user_id": 42}
OUTSIDE_CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "GET /api/v1/out/{token}": ("way_out", None),
    "POST /api/v1/out/{token}": ("go_out", None),
    "POST /api/v1/responses/{mark}": ("answered", {"response": "engaged"}),
    "POST /api/v1/outreach": ("request_outreach", {"outreach_type": "check_in", "user_id": 42}),
    "GET /api/v1/outreach": ("outreach", None),
    "DELETE /api/v1/outreach/{id}": ("cancel_outreach", None),
    "POST /api/v1/addresses": ("take_address", ADDRESS),
    "DELETE /api/v1/addresses": ("drop_address", ADDRESS),
    "GET /api/v1/links": ("links", None),
    "POST /api/v1/email/bounces": ("bounced", None),
    "POST /api/v1/links": ("link_started", {"channel": "webhook", "user_id": 42}),
    "POST /api/v1/stop": ("stop", {"user_id": 42}),
    "GET /api/v1/consents": ("consent_history", None),
    "GET /api/v1/deliveries/undelivered": ("undelivered", None),
    "POST /api/v1/deliveries/replay": ("replay_deliveries", {"ids": [1]}),
}
OUTSIDE_ABOUT = ("/api/v1/consents", "/api/v1/links")
HOOK = {"channel": "webhook", "address": "https://example.org/hook"}
OUTSIDE_GOOD: dict[str, dict[str, Any]] = {
    "take_address": HOOK,
    "drop_address": HOOK,
    "link_started": {"channel": "webhook"},
    "links": {},
    "addresses": {},
    "channels": {},
    "bounced": {"raw": b""},
    "stop": {},
    "switch_channel_off": {"channel": "in_app"},
    "consent_history": {},
    "undelivered": {},
    "request_outreach": {"outreach_type": "check_in"},
    "outreach": {},
    "cancel_outreach": {"outreach_id": 1},
    "replay_deliveries": {"ids": [1]},
    "answered": {"mark": MARK, "response": "engaged"},
}
