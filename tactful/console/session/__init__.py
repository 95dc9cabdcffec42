"""One live session: how it went or goes, what its audience says, and what an organiser may do in it."""

from tactful.console.pages import Act, Page
from tactful.console.session import acts, hand, page

PARTS = (
    Page("session", page.show),
    Act("session/run", acts.run),
    Act("session/mode", acts.mode),
    Act("session/question", acts.question),
    Act("session/close-poll", acts.close_poll),
    Act("session/set-off", hand.set_off),
)
