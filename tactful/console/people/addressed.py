"""Where one person is reached, what they agreed to, and a link with which they link a chat to themselves."""

from typing import Any

from tactful.console.pages import Act
from tactful.console.tables import Table
from tactful.console.visit import Answer, Shown, Visit

ADDRESS = ("channel", "address", "source", "created_at", "disabled_at", "disabled_because", "sent", "answered",
           "bounced", "wording")  # fmt: skip
CONSENT = ("at", "purpose", "given", "source", "wording")
# Where something was said, in words.
SOURCES = {"product": "told by your product", "person": "by themselves"}


async def addressed(visit: Visit, whom: str) -> tuple[dict[str, Any], list[Table]]:
    """What the page shows of it, and the tables of that."""
    engine, organisation = visit.engine, visit.organisation
    addresses = await engine.addresses(organisation, whom)
    consents = await engine.consent_history(organisation, whom)
    values = {
        "addresses": addresses,
        "consents": consents,
        "links": await engine.links(organisation, whom),
        "sources": SOURCES,
    }
    tables = [
        Table("addresses", ADDRESS, [[row[column] for column in ADDRESS] for row in addresses]),
        Table("consents", CONSENT, [[row[column] for column in CONSENT] for row in consents]),
    ]
    return values, tables


async def _link(visit: Visit) -> Answer:
    whom, channel = visit.form.get("person", ""), visit.form.get("channel", "")
    row = await visit.engine.about(visit.organisation, whom)
    begun = await visit.engine.link_started(visit.organisation, whom, channel, actor=visit.operator.actor)
    # Shown this once.
    return Shown("person_link.html", {"row": row, "begun": begun, "channel": channel, "path": "people"})


PARTS = (Act("person/link", _link),)
