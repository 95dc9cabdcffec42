"""How calls that the console makes are called well; and what addresses for the same call."""

from typing import Any

from tactful.store.overseen.roster import Wanted

CONSOLE_CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "POST /api/v1/webhooks/{id}/test": ("test_webhook", None),
    "GET /api/v1/people/{id}/next-best-action": ("next_best_action", None),
    "GET /api/v1/operator-alerts": ("operator_alerts", None),
    **{
        f"GET /api/v1/analytics/{address}": (called, None)
        for address, called in (
            ("outreach-performance", "outreach_analytics"),
            ("churn-risk-distribution", "churn_risk_distribution"),
            ("daily-active-users", "daily_active_people"),
            ("milestone-progress", "milestone_progress"),
            ("dashboard", "milestone_progress"),
        )
    },
}
CONSOLE_GOOD: dict[str, dict[str, Any]] = {
    "acts": {},
    "first_link": {},
    "invite": {"email": "ben@example.org"},
    "reset_password": {"operator_id": 1},
    "operators": {},
    "change_operator": {"operator_id": 1},
    "dead_letters": {},
    "send_again": {"kind": "job", "id": 1},
    "test_webhook": {"webhook_id": 1},
    "belief": {"capability": "dropout"},
    **{each: {} for each in ("done", "effects", "ledger", "live_effects", "reckon", "serving", "withheld")},
    "operator_alerts": {},
    "check_operator_alerts": {},
    "outreach_analytics": {},
    "churn_risk_distribution": {},
    "daily_active_people": {},
    "milestone_progress": {},
    "errand": {"name": "train"},
    "send_for": {"errand": "train"},
    "set_back": {"capability": "dropout", "version": 1},
    "roster": {"wanted": Wanted()},
    "levels": {},
    "known": {"names": ["ben"]},
    "choices": {},
    "group_names": {},
    "find_people": {"text": "ana"},
    "about": {},
    "timeline": {},
    "preview": {"at": None},
    "next_best_action": {},
    "remembering": {},
}
