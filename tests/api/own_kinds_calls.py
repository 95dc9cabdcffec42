"""How calls about kinds of an organisation's own are called well; and what addresses for the same call."""

from typing import Any

FILE = "triggers:\n  long_quiet:\n    kind: check_in\n    when: days_quiet >= 10 and active_days >= 5\n"
BASE = "/api/v1/own-kinds"
OWN_KINDS_CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    f"GET {BASE}": ("own_kinds", None),
    f"POST {BASE}": ("save_own_kinds", {"file": FILE}),
    f"POST {BASE}/check": ("check_own_kinds", {"file": FILE}),
    f"POST {BASE}/try": ("try_own_kinds", {"file": FILE, "days": 1, "every_hours": 24}),
    f"POST {BASE}/live": ("put_own_kinds_live", {"version": 0}),
    f"POST {BASE}/back": ("take_own_kinds_back", {}),
    f"POST {BASE}/switch": ("switch_own_kind", {"name": "long_quiet", "on": False}),
    f"GET {BASE}/versions/{{id}}": ("own_kinds_file", None),
}
OWN_KINDS_GOOD: dict[str, dict[str, Any]] = {
    "own_kinds": {},
    "own_kinds_file": {"version": 1},
    "save_own_kinds": {"file": FILE},
    "check_own_kinds": {"file": FILE},
    "try_own_kinds": {"file": FILE, "days": 1, "every_hours": 24},
    "put_own_kinds_live": {"version": 0},
    "take_own_kinds_back": {},
    "switch_own_kind": {"name": "long_quiet", "on": False},
}
