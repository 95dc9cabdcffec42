"""What somebody put off and that comes back to them from outside the product: another delivery at its moment.

In the product it is simply there again; what is sent needs a message of its own, with a mark of its own.
"""

from datetime import datetime

import polars as pl

from tactful.store.database import Connection
from tactful.store.decided.interventions import addressed, wake

# Interventions before their deliveries and in person order, as everybody does who writes both. Whose owner answers
# right now is passed over.
BACK = f"""
WITH back AS MATERIALIZED (
  SELECT i.* FROM intervention_logs i
   WHERE i.state = 'planned' AND i.user_response = 'snoozed' AND i.channel <> 'in_app'
     AND i.due_at <= %(at)s AND i.expires_at > %(at)s
     AND NOT EXISTS (SELECT FROM deliveries d WHERE d.intervention_id = i.id
                        AND (d.state IN ('due', 'sending') OR d.due_at > i.responded_at))
   ORDER BY i.user_id, i.id FOR NO KEY UPDATE SKIP LOCKED),
{addressed("back m", "true", again="(SELECT count(*) FROM deliveries WHERE intervention_id = m.id)")}
SELECT channel FROM back
"""


def back(connection: Connection, at: datetime) -> int:
    """Let what was snoozed until now or earlier be sent again; answers how much that is."""
    channels = [row["channel"] for row in connection.execute(BACK, {"at": at})]
    wake(connection, pl.Series(channels, dtype=pl.String), at=at)
    return len(channels)
