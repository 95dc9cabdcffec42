"""In-app: shown inside the product, the next time the person is there.

reaches: everybody who uses the product, and only while they do
promise: idempotent; a delivery is the intervention's own row, and handing it over again is the same row
way: fetched, by the person's own `GET /proactive/interventions`; nothing is pushed
address: none; people are known by the id their token carries
receipt: the id under which the list shows the intervention and answers are sent
limits: says that the list was told, not that anybody looked at it; their answer says that
"""

from tactful.deliver.in_app.channel import InApp

__all__ = ["InApp"]
