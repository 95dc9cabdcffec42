"""Every table, each defined once. `metadata` holds them all.

Column names follow the seeds where a seed names the table (`user_id`, `organization_id`);
our own tables say `person_id` and `organisation_id`.
"""

from tactful.store.tables import (  # noqa: F401  (register)
    acting,
    activity,
    addresses,
    alerts,
    audience,
    chats,
    contacts,
    days,
    experiments,
    helping,
    interactions,
    interventions,
    learning,
    ledger,
    live,
    mastery,
    memories,
    milestones,
    operations,
    operator_alerts,
    operators,
    outreach,
    own,
    people,
    practice,
    presence,
    quick,
    risk,
    signals,
    webhooks,
    writing,
)
from tactful.store.tables.base import metadata

__all__ = ["metadata"]
