"""What is happening now: live sessions as they run, what is proposed about them, and what came of it."""

from tactful.console.now import acts, page, stream
from tactful.console.now.sessions import PARTS as SESSIONS
from tactful.console.pages import Act, Page, Question, Stream
from tactful.console.session import PARTS as SESSION

QUESTION = Question("now", "What is happening now?", "pulse")
PARTS = (
    Page("now", page.show),
    Stream("now/stream", stream.open_stream),
    Act("now/approve", acts.approve),
    Act("now/dismiss", acts.dismiss),
    *SESSIONS,
    *SESSION,
)
