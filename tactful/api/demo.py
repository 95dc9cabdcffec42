"""Pages of a demo: a lesson with the widget in it, as a product would embed it, and under as strict a policy; and one
where visitors become somebody who is reached by a chat."""

from collections.abc import Awaitable, Callable, Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from tactful.bootstrap import Engine
from tactful.kernel.errors import NotFound

FOLDER = Path(__file__).parent / "static" / "demo"
FILES = {"lesson.css": "text/css", "lesson.js": "text/javascript"}
READ = ["GET", "HEAD"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# Of a page with one form.
ASKING = POLICY.replace("form-action 'none'", "form-action 'self'")
FRESH = {"Cache-Control": "no-store"}
BEFORE = """<section><p>Somebody new comes into being, with six weeks of a past, whose best hour of the day is the one
that their clock shows now. Nothing is sent to them before they have opened a chat with the bot by a link that is good
once.</p><form method="post"><button>Be somebody</button></form></section>"""
AFTER = """<section><h2>You are $name</h2><p>In $zone it is their best hour just now, the one from $hour:00: so say the
days on which they came. They have not been here for three days.</p><ol>
<li><a href="$link" target="_blank" rel="noopener">Open the chat with the bot</a> and press Start. The link is good
once, for half an hour.</li>
<li>Within a minute one message comes. Answer it with a button.</li>
<li>Ask <code>/why</code>. Then say <code>/stop</code>: nothing more comes, however long you wait.</li>
<li>See <a href="../console/person?id=$person" target="_blank">$name in the console</a>: where they are reached, what
was decided and sent and when, what they answered, and what they agreed to and took back.</li></ol>
<form method="post"><button>Be somebody else</button></form></section>"""
Person = Annotated[str, Query(pattern=r"^demo-[1-9][0-9]{0,3}$")]


def lesson(engine: Engine, organisation: str) -> APIRouter:
    """The lesson at /demo/lesson. Whoever opens it is one of the organisation's demo people, and says which."""
    router = APIRouter(include_in_schema=False)

    async def token(request: Request, person: Person = "demo-1") -> Response:
        """What a product's back end would answer somebody who has signed in."""
        made = await engine.widget_token(organisation, person)
        told = {"token": made["token"], "expires_at": made["expires_at"].isoformat()}
        return JSONResponse(told, headers=FRESH)

    router.add_api_route("/demo/lesson", _page, methods=READ)
    router.add_api_route("/demo/lesson/token", token, methods=["GET"])
    router.add_api_route("/demo/lesson/{name}", _file, methods=READ)
    return router


# Who a visitor is now: `person`, `name`, `zone`, `hour` (their best, by their clock), `link` (opens their chat).
Begin = Callable[[], Awaitable[Mapping[str, str]]]


def conversation(begin: Begin) -> APIRouter:
    """The page /demo/chat, where visitors become somebody. begin: makes somebody new."""
    router = APIRouter(include_in_schema=False)

    async def before() -> Response:
        return _told(BEFORE)

    async def after() -> Response:
        """Be somebody, and say who."""
        new = await begin()
        return _told(Template(AFTER).substitute({name: escape(value) for name, value in new.items()}))

    router.add_api_route("/demo/chat", before, methods=READ)
    router.add_api_route("/demo/chat", after, methods=["POST"])
    return router


def _told(what: str) -> Response:
    page = Template((FOLDER / "chat.html").read_text(encoding="utf-8")).substitute(what=what)
    return HTMLResponse(page, headers={"Content-Security-Policy": ASKING, **FRESH})


async def _page() -> Response:
    return FileResponse(
        FOLDER / "lesson.html", media_type="text/html", headers={"Content-Security-Policy": POLICY, **FRESH}
    )


async def _file(request: Request, name: str) -> Response:
    if name not in FILES:
        raise NotFound
    return FileResponse(FOLDER / name, media_type=FILES[name], headers=FRESH)
