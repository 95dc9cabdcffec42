"""What somebody may ask for: all that is stored about them, and to be forgotten. For admins alone."""

from collections.abc import Iterator
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse

from tactful.console.pages import ADMIN, Act, Stream
from tactful.console.visit import Gone, Visit
from tactful.kernel.errors import BadInput

PIECE = 1 << 16


async def _export(visit: Visit) -> Response:
    file = await visit.engine.export(visit.organisation, visit.text("id"), actor=visit.operator.actor)
    headers = {"Content-Disposition": 'attachment; filename="person.json"', "Cache-Control": "no-store"}
    return StreamingResponse(_pieces(file), media_type="application/json", headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


async def _forget(visit: Visit) -> Gone:
    whom = visit.form.get("person", "")
    if not whom or visit.form.get("confirm", "") != whom:
        raise BadInput("confirm: type the person's id as it is written, to have them forgotten.", fields=["confirm"])
    done = await visit.engine.erase(visit.organisation, whom, actor=visit.operator.actor)
    return Gone("people", f"{whom} is forgotten." if done else f"{whom} had been forgotten before.")


PARTS = (Stream("person/export", _export, ADMIN), Act("person/forget", _forget, ADMIN))
