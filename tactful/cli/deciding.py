"""Commands about people: deciding, telling why, listing, pausing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tactful.bootstrap import Engine
from tactful.cli.arguments import ORGANISATION, Arguments
from tactful.cli.running import show, some, with_engine
from tactful.kernel.errors import BadInput, NotFound
from tactful.lab import labelled
from tactful.store.running import housekeeping
from tactful.uses.passing import WORKS


def tick(arguments: Arguments) -> None:
    """Decide about everybody whose moment has come (--all: everybody), once, and stop."""
    if arguments.organisation is not None and not arguments.dry_run:
        raise BadInput("--organisation goes with --dry-run; a tick that counts is about everybody.")

    async def run(engine: Engine) -> None:
        if arguments.dry_run:
            summary = await engine.rehearse(arguments.at, organisation=arguments.organisation)
        else:
            done = await engine.tick(arguments.at, everybody=arguments.all)
            if done is None:
                raise BadInput("Another tick is running; it will look at these people too.")
            summary = await engine.tick_summary(done.id)
        show(summary, told(summary), as_json=arguments.json)

    with_engine(run)


def told(summary: dict[str, Any]) -> Iterator[str]:
    """What a tick did, or would have done, in lines whose counts add up to the people it looked at."""
    rows, reached = summary["decisions"], summary["reached"]
    at, people = f"{summary['at']:%Y-%m-%d %H:%M} UTC", some(summary["people"], "person", "people")
    if summary["id"] is None:
        yield f"A tick at {at} would have looked at {people} and reached {reached:,}. Nothing was written."
    else:
        yield f"Tick {summary['id']} at {at} looked at {people} and reached {reached:,}."
    yield from (f"  {one['people']:>8,} {one['result']}: {one['chosen'] or 'nothing'}" for one in rows)
    unwritten = summary["people"] - sum(one["people"] for one in rows)
    if unwritten > 0:
        yield f"  {unwritten:>8,} silent, with nothing new to write down"


def train(arguments: Arguments) -> None:
    """Learn from what came of people, or of mood from labelled texts (--data), and let serve what proved better.

    --history lists what was learned so far; --back lets an earlier version serve again.
    """

    async def run(engine: Engine) -> None:
        # What was learned from labelled texts is everybody's, unless somebody is named.
        whose = None if arguments.everybody else arguments.organisation or ORGANISATION.settings["default"]
        if arguments.history:
            with hinted(whose or ""):
                rows = await engine.learned(whose, arguments.capability)
            show(rows, _versions(rows), as_json=arguments.json)
        elif arguments.back is not None:
            await _set_back(engine, arguments, whose)
        elif arguments.data is not None:
            report = await _of_mood(engine, arguments)
            show([report], _reports([report]), as_json=arguments.json)
        else:
            reports = await engine.train(arguments.at, by="command line", capability=arguments.capability)
            show(reports, _reports(reports), as_json=arguments.json)

    with_engine(run)


async def _of_mood(engine: Engine, arguments: Arguments) -> dict[str, Any]:
    if arguments.capability != "mood":
        raise BadInput("--data goes with mood, which also learns emotions; write: tactful train mood --data FILE.")
    table = labelled.read(arguments.data)
    return await engine.train_mood(table, organisation=arguments.organisation, at=arguments.at, by="command line")


async def _set_back(engine: Engine, arguments: Arguments, whose: str | None) -> None:
    if arguments.capability is None:
        raise BadInput("--back needs to know of what: tactful train CAPABILITY --back VERSION.")
    now = await engine.set_back(whose, arguments.capability, arguments.back, actor="command line")
    words = f"It serves again, as version {now}." if now else "What is told before anything was learned serves again."
    show({"version": now}, words, as_json=arguments.json)


def _reports(reports: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not reports:
        yield "There is nobody to learn from yet: it takes people whose later days are known."
    for one in reports:
        became = "serves from now on" if one["promoted"] else "is kept, but does not serve"
        whose = one["organisation"] or ("Everybody" if "kept_back" in one else "All together")
        yield f"{whose}, {one['capability']}: version {one['version']} {became}. {one['reason']}"
        if "kept_back" in one:
            yield f"  It was taught with {one['lessons']:,} texts; {one['kept_back']:,} were kept back to judge it."
        else:
            yield f"  It was taught with {one['lessons']:,} lessons about {some(one['people'], 'person', 'people')}."


def _versions(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "Nothing was learned yet; the cold start serves."
    for one in rows:
        state = "never served" if one["promoted_at"] is None else "served" if one["retired_at"] else "serves"
        trained = f"trained {one['trained_at']:%Y-%m-%d %H:%M} UTC by {one['decided_by']}"
        yield f"{one['capability']} {one['version']}: {state}, {trained}."
        yield f"    {one['reason']}"


def passes(arguments: Arguments) -> None:
    """Say how far passes over everybody are; --now carries one out, or goes on with one that died."""

    async def run(engine: Engine) -> None:
        if arguments.now and await engine.carry_out(arguments.now) is None:
            raise BadInput("This pass is running in another process already.")
        rows = await engine.passes()
        show(rows, _passes(rows), as_json=arguments.json)

    with_engine(run)


def _passes(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    ran = {row["name"] for row in rows}
    for one in rows:
        done = f"{some(one['people'], 'person', 'people')} done"
        told = f"{one['name']} of {one['at']:%Y-%m-%d %H:%M} UTC: {one['state']}, {done}"
        if one["state"] in ("at work", "stopped"):
            told += f", {one['people_left']:,} to go"
        yield f"{told}{'; the next one goes on with it.' if one['state'] == 'stopped' else '.'}"
    yield from (f"{name}: never ran yet. {WORKS[name].told}" for name in sorted(WORKS.keys() - ran))


def daily_reset(arguments: Arguments) -> None:
    """Clear daily counters of days that are over everywhere, once, and stop."""

    async def run(engine: Engine) -> None:
        with engine.database.batch() as connection:
            cleared = housekeeping.daily_reset(connection, engine.instant(arguments.at))
        words = f"Cleared the counters of {some(cleared, 'day')} that {'is' if cleared == 1 else 'are'} over."
        show({"cleared": cleared}, words if cleared else "There were no counters to clear.", as_json=arguments.json)

    with_engine(run)


def explain(arguments: Arguments) -> None:
    """Say why a person was or was not reached at an instant."""

    async def run(engine: Engine) -> None:
        with hinted(arguments.organisation):
            await engine.require(arguments.organisation)
        story = await engine.explain(arguments.organisation, arguments.person, arguments.at)
        show(story, story["words"], as_json=arguments.json)

    with_engine(run)


def at_risk(arguments: Arguments) -> None:
    """List people at risk of leaving, with reasons."""

    async def run(engine: Engine) -> None:
        with hinted(arguments.organisation):
            await engine.require(arguments.organisation)
        rows = await engine.at_risk(arguments.organisation, limit=arguments.limit)
        show(rows, _listed(rows), as_json=arguments.json)

    with_engine(run)


def _listed(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "Nobody is at medium risk or higher, as far as ticks have looked."
        return
    instants = sorted({f"{row['calculated_at']:%Y-%m-%d %H:%M}" for row in rows})
    yield f"As of {' to '.join(dict.fromkeys((instants[0], instants[-1])))} UTC:"
    for row in rows:
        figures = f"{row['risk_level']} ({row['risk_score']:.2f}, confidence {row['confidence']:.2f})"
        yield f"{row['external_id']}: {figures}"
        yield from (f"    {reason}" for reason in row["reasons"])


@contextmanager
def hinted(organisation: str) -> Iterator[None]:
    """Says how to name another organisation where nobody has named one and the default is not there."""
    try:
        yield
    except NotFound as error:
        if organisation != ORGANISATION.settings["default"] or error.fields != ["organisation"]:
            raise
        told = f"{error.detail} Say whose people are meant with --organisation NAME."
        raise NotFound(told, fields=error.fields) from None


def pause(arguments: Arguments) -> None:
    """Stop reaching people at once: the organisation, one kind or one channel; --shadow decides but sends nothing."""
    _pause(arguments, standing=True)


def resume(arguments: Arguments) -> None:
    """End a pause."""
    _pause(arguments, standing=False)


def _pause(arguments: Arguments, *, standing: bool) -> None:
    named = {scope: name for scope in ("kind", "channel") if (name := getattr(arguments, scope)) is not None}
    if len(named) > 1:
        raise BadInput("Name a kind or a channel, not both; two pauses are two commands.", fields=sorted(named))
    scope, name = next(iter(named.items()), ("organisation", ""))
    mode = "shadow" if arguments.shadow else "pause"
    what = f"The {scope} {name or arguments.organisation}"
    goes = "is decided about, but nothing is sent" if arguments.shadow else "is paused"

    async def run(engine: Engine) -> None:
        change = engine.pause if standing else engine.resume
        with hinted(arguments.organisation):
            done = await change(arguments.organisation, scope=scope, name=name, mode=mode, actor="command line")
        show(done, f"{what} {goes} from now on." if standing else f"{what} goes on.", as_json=False)

    with_engine(run)
