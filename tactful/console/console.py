"""The console: one page for each question that operators have, in the order in which they ask."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tactful.bootstrap import Engine
from tactful.console import (
    acts,
    analytics,
    channels,
    configuring,
    desk,
    entering,
    experiments,
    helped,
    milestones,
    models,
    now,
    operators,
    outreach,
    own_kinds,
    people,
    running,
    undelivered,
    why_not,
    wording,
)
from tactful.console.desk import Desk, home_of
from tactful.console.entering import Entrance
from tactful.console.pages import Page
from tactful.console.visit import Gone, Visit
from tactful.kernel.errors import NotFound

# Adding a page: a module with its QUESTION and PARTS, a template, and its name here.
QUESTIONS = (now, people, outreach, helped, analytics, why_not, models, running, configuring, operators, acts)
# Pages that others lead to.
FURTHER = (channels, undelivered, experiments, milestones, own_kinds, wording)


def console(engine: Engine) -> APIRouter:
    """Every page, act and file of the console of this engine."""
    router = APIRouter(include_in_schema=False)
    counter = Desk(engine, (each.QUESTION for each in QUESTIONS))
    Entrance(counter).add(router)
    counter.add(router, entering.PARTS)
    for each in QUESTIONS:
        counter.add(router, each.PARTS)
    for page in FURTHER:
        counter.add(router, page.PARTS)
    desk.files(router)
    # The last: whatever is nothing of the above is told as a page, too.
    counter.add(router, (Page("", _begin), Page("{elsewhere:path}", _nowhere)))
    router.add_route("/console", _home, methods=["GET"])
    return router


async def _begin(visit: Visit) -> Gone:
    """The first question that they may ask."""
    open_to = (each.QUESTION.path for each in QUESTIONS if visit.operator.may(each.QUESTION.role))
    return Gone(next(open_to, "account"))


async def _nowhere(visit: Visit) -> Gone:
    raise NotFound("There is no such page.")


async def _home(request: Request) -> Response:
    return RedirectResponse(home_of(request), 303, headers=desk.HEADERS)
