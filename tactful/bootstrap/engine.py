"""The engine: all its topics in one."""

from tactful.bootstrap.achieving import Achieving
from tactful.bootstrap.alerting import Alerting
from tactful.bootstrap.analysing import Analysing
from tactful.bootstrap.chatting import Chatting
from tactful.bootstrap.configuring import Configuring
from tactful.bootstrap.deciding import Deciding
from tactful.bootstrap.experimenting import Experimenting
from tactful.bootstrap.facts import Facts
from tactful.bootstrap.happening import Happening
from tactful.bootstrap.hearing import Hearing
from tactful.bootstrap.helping import Helping
from tactful.bootstrap.inventing import Inventing
from tactful.bootstrap.inviting import Inviting
from tactful.bootstrap.learning import Learning
from tactful.bootstrap.leaving import Leaving
from tactful.bootstrap.listening import Listening
from tactful.bootstrap.offering import Offering
from tactful.bootstrap.offices import Offices
from tactful.bootstrap.organising import Organising
from tactful.bootstrap.outreach import Outreaching
from tactful.bootstrap.overlooking import Overlooking
from tactful.bootstrap.overseeing import Overseeing
from tactful.bootstrap.partaking import Partaking
from tactful.bootstrap.passing import Passing
from tactful.bootstrap.people import People
from tactful.bootstrap.polling import Polling
from tactful.bootstrap.posting import Posting
from tactful.bootstrap.pushing import Pushing
from tactful.bootstrap.reaching import Reaching
from tactful.bootstrap.recounting import Recounting
from tactful.bootstrap.saying import Saying
from tactful.bootstrap.sending import Sending
from tactful.bootstrap.stopping import Stopping
from tactful.bootstrap.struggling import Struggling
from tactful.bootstrap.talking import Talking
from tactful.bootstrap.telling import Telling
from tactful.bootstrap.tending import Tending
from tactful.bootstrap.timing import Timing
from tactful.bootstrap.weighing import Weighing
from tactful.bootstrap.wording import Wording
from tactful.bootstrap.writing import Writing


class Engine(
    Facts,
    Chatting,
    Talking,
    People,
    Stopping,
    Reaching,
    Deciding,
    Learning,
    Passing,
    Telling,
    Struggling,
    Helping,
    Offering,
    Timing,
    Achieving,
    Alerting,
    Analysing,
    Overseeing,
    Overlooking,
    Posting,
    Pushing,
    Hearing,
    Organising,
    Listening,
    Recounting,
    Happening,
    Polling,
    Partaking,
    Writing,
    Configuring,
    Wording,
    Experimenting,
    Inventing,
    Offices,
    Leaving,
    Saying,
    Inviting,
    Tending,
    Weighing,
    Sending,
    Outreaching,
):
    """Tactful in process. Times are aware UTC; `organisation` and `person` are the product's own ids.

    Use it as an asynchronous context manager::

        async with tactful.Engine() as engine:
            await engine.accept("acme", [Event(id="1", person="42", kind="visit", occurred_at=now)])
            await engine.tick()
    """
