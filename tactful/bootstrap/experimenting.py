"""Trying out variants of what is said: begun, looked at, stopped, and the winner said to everybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.bootstrap.owning import Owning
from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import named
from tactful.compose.templates.own import PREFIX
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.learn.experiments import verdicts
from tactful.learn.settings import HARM_MARGIN, PROMOTE_WINNERS
from tactful.sense import limits
from tactful.store.database import AsyncConnection
from tactful.store.described import experiments, organisations
from tactful.store.described.own import TEMPLATES
from tactful.store.learned import experiments as learned
from tactful.store.running import audit
from tactful.store.steps import run_async
from tactful.uses.experiments import planned, results

# Who stops a test or promotes a variant where nobody asked for it.
RULE = "rule"
HIDDEN = ("id", "organisation_id", "organisation")


class Experimenting(Owning):
    """Tests of variants (A/B tests)."""

    async def experiments(self, organisation: str) -> list[dict[str, Any]]:
        """Every test, newest first, each as `experiment` tells it. raises: BadInput, NotFound."""
        named(organisation)
        async with self.database.service() as connection:
            await organisations.number(connection, organisation)
            return await self._counted_up(connection, await run_async(connection, experiments.listed(organisation)))

    async def experiment(self, organisation: str, name: str) -> dict[str, Any]:
        """A test and what it says by now; whoever's time to answer is over is counted first.

        Of each of `variants`: name, share, content, assigned, exposed, settled, answered (people), rate, and beside
        the control (the first) difference, low, high (-1..1), p, verdict: control, too_early, open, better, worse or
        harm. The intervals hold however often one looks. ratio: p-values of as many having got and seen each as
        should have, and whether it is broken. days and over_time: the same from day to day. verdict, words: of all.
        raises: BadInput, NotFound.
        """
        named(organisation)
        limits.name(name, "name")
        async with self.database.service() as connection:
            (told,) = await self._counted_up(
                connection, [await run_async(connection, experiments.one(organisation, name))]
            )
            return told

    async def begin_experiment(
        self, organisation: str, told: Mapping[str, Any], *, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Begin a test; from now on whoever is told something of its kind gets a variant, and keeps it.

        told: as `uses.experiments.planned` takes it. raises: BadInput naming the field; NotFound; Conflict where one
        is called so, or one of that kind runs.
        """
        named(organisation)
        margin = await self._setting(organisation, HARM_MARGIN)
        promote, now = await self._setting(organisation, PROMOTE_WINNERS), self.clock.now()
        own = (await self.governed(organisation)).made.kinds
        plan = planned(told, at=now, harm_margin=margin, promote_winner=promote, own=own)
        async with self.database.service() as connection:
            row = await run_async(connection, experiments.begin(organisation, plan, at=now, by=actor))
            shares = {each["name"]: each["part"] for each in plan.variants}
            detail = {"name": plan.name, "what": plan.what, "kind": plan.kind, "parts": shares}
            await audit.write(connection, organisation=organisation, actor=actor, act="begin experiment", detail=detail)
            (begun,) = await self._counted_up(connection, [row])
        return begun

    async def stop_experiment(self, organisation: str, name: str, *, actor: str = IN_PROCESS) -> dict[str, Any]:
        """Stop a test: everybody is told what was said without it. Answers to what was said still count.

        raises: BadInput; NotFound; Conflict where it was stopped already.
        """
        named(organisation)
        limits.name(name, "name")
        async with self.database.service() as connection:
            row = await run_async(connection, experiments.one(organisation, name))
            if not await self._stop_experiment(connection, organisation, row, "hand", actor):
                raise Conflict(f"{name} was stopped already.", fields=["name"])
            row = await run_async(connection, experiments.one(organisation, name))
            (told,) = await self._counted_up(connection, [row])
        return told

    async def promote_experiment(
        self, organisation: str, name: str, variant: str, *, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Say a variant to everybody from now on, as a version of the organisation's own templates, and end the test.

        raises: BadInput for a variant there is not, or one that is said already; NotFound; Conflict where one was
        promoted already.
        """
        limits.name(name, "name")
        limits.name(variant, "variant")
        note = f"winner of {name}" if actor == RULE else f"promoted out of {name}"
        changing = self._own_changing(organisation, TEMPLATES, note=note, expected=None)
        async with changing as (connection, before):
            row = await run_async(connection, experiments.one(organisation, name))
            content = _content(row, variant)
            if not await run_async(connection, experiments.promote(row["id"], variant, at=self.clock.now())):
                raise Conflict(f"A variant of {name} was promoted already.", fields=["name"])
            after = {**before["body"], PREFIX + row["kind"]: content}
            await self._own_write(connection, organisation, TEMPLATES, before, after, actor=actor, note=note)
            detail = {"name": name, "variant": variant, "kind": row["kind"]}
            await audit.write(
                connection, organisation=organisation, actor=actor, act="promote experiment", detail=detail
            )
            row = await run_async(connection, experiments.one(organisation, name))
            (told,) = await self._counted_up(connection, [row])
        return told

    async def judge_experiments(self, at: datetime | None = None) -> list[dict[str, str]]:
        """Stop tests that do harm or are over, and promote winners where that is the rule; a worker does this daily.

        Answers organisation, name and because (harm, winner or time) of each that ended by it. raises: BadInput.
        """
        now, done = self.instant(at), list[dict[str, str]]()
        async with self.database.service() as connection:
            rows = await run_async(connection, experiments.running())
        for row in rows:
            because = await self._judge_experiment(row["organisation"], row, now)
            if because is not None:
                done.append({"organisation": row["organisation"], "name": row["name"], "because": because})
        return done

    async def _judge_experiment(self, organisation: str, row: Mapping[str, Any], now: datetime) -> str | None:
        async with self.database.service() as connection:
            (told,) = await self._counted_up(connection, [row], at=now)
            because = _because(told, row, now)
            if because in ("harm", "time"):
                await self._stop_experiment(connection, organisation, row, because, RULE)
        if because == "winner":
            await self.promote_experiment(organisation, row["name"], str(verdicts.winner(told)), actor=RULE)
        return because

    async def _stop_experiment(
        self, connection: AsyncConnection, organisation: str, row: Mapping[str, Any], because: str, actor: str
    ) -> bool:
        stopped = await run_async(connection, experiments.stop(row["id"], because, at=self.clock.now()))
        if stopped:
            detail = {"name": row["name"], "because": because}
            await audit.write(connection, organisation=organisation, actor=actor, act="stop experiment", detail=detail)
        return stopped

    async def _counted_up(
        self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], *, at: datetime | None = None
    ) -> list[dict[str, Any]]:
        """Tests with what they say, once all is counted that is known by now."""
        numbers = [row["id"] for row in rows]
        await run_async(connection, learned.settle(numbers, at=at or self.clock.now()))
        days = await run_async(connection, learned.days(numbers))
        return [_one(row, [day for day in days if day["experiment_id"] == row["id"]]) for row in rows]


def _one(row: Mapping[str, Any], days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found = results(row, days)
    parts = sum(each["part"] for each in row["variants"])
    contents = {each["name"]: each["content"] for each in row["variants"]}
    for each in found["variants"]:
        each |= {"share": each.pop("part") / parts, "content": contents[each["name"]]}
    state = "promoted" if row["promoted"] else "stopped" if row["stopped_at"] else "running"
    return {**{name: value for name, value in row.items() if name not in HIDDEN}, "state": state, **found}


def _because(told: Mapping[str, Any], row: Mapping[str, Any], now: datetime) -> str | None:
    """Why a test ends now, if it does: harm before all else."""
    if verdicts.harmful(told):
        return "harm"
    if row["promote_winner"] and verdicts.winner(told) is not None and _can(row, str(verdicts.winner(told))):
        return "winner"
    return "time" if row["ends_at"] is not None and row["ends_at"] <= now else None


def _can(row: Mapping[str, Any], variant: str) -> bool:
    return any(each["name"] == variant and each["content"] for each in row["variants"])


def _content(row: Mapping[str, Any], variant: str) -> Any:
    """What is said of a variant. raises: NotFound for none of that name; BadInput where that is said anyway."""
    found = next((each for each in row["variants"] if each["name"] == variant), None)
    if found is None:
        raise NotFound(f"{row['name']} has no variant called {variant}.", fields=["variant"])
    if found["content"] is None:
        raise BadInput(f"{variant} is what is said anyway; stop the test instead.", fields=["variant"])
    return found["content"]
