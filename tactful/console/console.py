"""The console: one page for each question that operators have, in the order in which they ask."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tactful.bootstrap import Engine
from tactful.console import acts, desk, entering, helped, models, operators, why_not
from tactful.console.desk import Desk, home_of
from tactful.console.entering import Entrance

# Adding a page: a module with its QUESTION and PARTS, a template, and its name here.
QUESTIONS = (helped, why_not, models, operators, acts)


def console(engine: Engine) -> APIRouter:
    """Every page, act and file of the console of this engine."""
    router = APIRouter(include_in_schema=False)
    counter = Desk(engine, (each.QUESTION for each in QUESTIONS))
    Entrance(counter).add(router)
    counter.add(router, entering.PARTS)
    for each in QUESTIONS:
        counter.add(router, each.PARTS)
    desk.files(router)
    router.add_route("/console", _begin, methods=["GET"])
    router.add_route(desk.HOME, _begin, methods=["GET"])
    return router


async def _begin(request: Request) -> Response:
    return RedirectResponse(home_of(request) + QUESTIONS[0].QUESTION.path, 303, headers=desk.HEADERS)
