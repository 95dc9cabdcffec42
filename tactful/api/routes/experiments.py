"""Tests of variants: begun, looked at, stopped, and the winner promoted."""

from typing import Annotated

from fastapi import Path

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.milestones import WRITERS
from tactful.api.routes.organisations import ADMINS
from tactful.api.routes.risk import READERS
from tactful.api.schemas.experiments import ExperimentIn, ExperimentOut, ExperimentsOut, PromoteIn
from tactful.api.schemas.wire import Name
from tactful.kernel.errors import Conflict, NotFound

Named = Annotated[Name, Path(alias="name")]


async def list_experiments(call: Caller) -> ExperimentsOut:
    """Every test of variants, newest first, with what it says by now."""
    rows = await call.engine.experiments(call.organisation)
    return ExperimentsOut(experiments=[ExperimentOut(**row) for row in rows])


async def begin_experiment(call: Caller, body: ExperimentIn) -> ExperimentOut:
    """Try out variants of what is said: whoever is told something of this kind from now on gets one, and keeps it."""
    told = body.model_dump(exclude_none=True)
    told["variants"] = [each.model_dump() for each in body.variants]
    return ExperimentOut(**await call.engine.begin_experiment(call.organisation, told, actor=call.actor))


async def read_experiment(call: Caller, name: Named) -> ExperimentOut:
    """A test and what it says by now; the intervals hold however often one looks."""
    return ExperimentOut(**await call.engine.experiment(call.organisation, name))


async def stop_experiment(call: Caller, name: Named) -> ExperimentOut:
    """Stop a test: everybody is told what was said without it."""
    return ExperimentOut(**await call.engine.stop_experiment(call.organisation, name, actor=call.actor))


async def promote_experiment(call: Caller, name: Named, body: PromoteIn) -> ExperimentOut:
    """Say one variant to everybody from now on, as a version of your own templates, and end the test."""
    row = await call.engine.promote_experiment(call.organisation, name, body.variant, actor=call.actor)
    return ExperimentOut(**row)


BASE = "/api/v1/experiments"
ROUTES = (
    Address("GET", BASE, list_experiments, "experiments", READERS, raises=(NotFound,)),
    Address("POST", BASE, begin_experiment, "experiments", ADMINS, raises=(NotFound, Conflict)),
    Address("GET", f"{BASE}/{{name}}", read_experiment, "experiments", READERS, raises=(NotFound,)),
    Address("POST", f"{BASE}/{{name}}/stop", stop_experiment, "experiments", WRITERS, raises=(NotFound, Conflict)),
    Address("POST", f"{BASE}/{{name}}/promote", promote_experiment, "experiments", ADMINS, raises=(NotFound, Conflict)),
)
