"""Settings of sense: what may come in, and how it is written in groups."""

from tactful.kernel.settings import Setting

GROUP_ROWS = Setting("sense.group_rows", 5000, "Rows of one group commit, at most.", low=1, high=100_000)
GROUP_QUEUE = Setting(
    "sense.group_queue", 50_000, "Rows that may wait for a group commit; more are refused as not ready.", low=1
)
GROUP_WRITERS = Setting(
    "sense.group_writers", 2, "Group commits that run at the same time in one process.", low=1, high=32
)
BATCH_EVENTS = Setting("sense.batch_events", 1000, "Events in one request, at most.", low=1, high=100_000)
TEXT_LENGTH = Setting("sense.text_length", 200, "Characters of an id, kind, topic or page, at most.", low=1, high=2000)
PROPERTIES = Setting(
    "sense.properties", 50, "Properties of one event, nested ones included, at most.", low=0, high=1000
)
PROPERTY_LENGTH = Setting(
    "sense.property_length", 1000, "Characters of one text among an event's properties, at most.", low=1, high=100_000
)
PROPERTY_DEPTH = Setting("sense.property_depth", 3, "How deep properties may be nested.", low=1, high=20)

SETTINGS = (
    GROUP_ROWS,
    GROUP_QUEUE,
    GROUP_WRITERS,
    BATCH_EVENTS,
    TEXT_LENGTH,
    PROPERTIES,
    PROPERTY_LENGTH,
    PROPERTY_DEPTH,
)
