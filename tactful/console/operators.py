"""Who may come in? Operators, what they may do, and links for new ones."""

from tactful.console.pages import ADMIN, Act, Page, Question
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.kernel.errors import TactfulError

QUESTION = Question("operators", "Who may come in?", "key", ADMIN)


async def _show(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(visit: Visit, *, link: str = "", error: TactfulError | None = None) -> Shown:
    rows = await visit.engine.operators(visit.organisation)
    columns = ("email", "name", "role", "created_at", "last_seen_at", "disabled_at")
    table = Table("operators", columns, [[row[column] for column in columns] for row in rows])
    values = {"rows": rows, "link": link, "error": error, "form": visit.form}
    return Shown("operators.html", values, [table], status=error.status if error else 200)


async def _invite(visit: Visit) -> Answer:
    email, role = visit.form.get("email", ""), visit.form.get("role", "")
    try:
        secret = await visit.engine.invite(visit.organisation, email, role=role, actor=visit.operator.actor)
    except MISTAKES as error:
        return await _shown(visit, error=error)
    # Shown this once: only its hash is kept.
    return await _shown(visit, link=f"welcome/{secret}")


async def _change(visit: Visit) -> Answer:
    whom, what = visit.number("id"), visit.form.get("what", "")
    engine, organisation, actor = visit.engine, visit.organisation, visit.operator.actor
    try:
        if what == "link":
            secret = await engine.reset_password(organisation, whom, actor=actor)
            return await _shown(visit, link=f"welcome/{secret}")
        if what in ("enable", "disable"):
            row = await engine.change_operator(organisation, whom, disabled=what == "disable", actor=actor)
        else:
            row = await engine.change_operator(organisation, whom, role=visit.form.get("role", ""), actor=actor)
    except MISTAKES as error:
        return await _shown(visit, error=error)
    return Gone("operators", f"Changed {row['email']}. They are signed out and may sign in again.")


PARTS = (
    Page("operators", _show, ADMIN),
    Act("operators/invite", _invite, ADMIN),
    Act("operators/change", _change, ADMIN),
)
