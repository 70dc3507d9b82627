"""Functions of the package: computed where they are pure, looked up in the simulated account where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blueprints.sandbox.provider.aws.functions import account, constants, images, parameters, policy_document, services
from blueprints.sandbox.provider.aws.functions.lookup import look_up

if TYPE_CHECKING:
    from blueprints.sandbox.provider.aws.simulation import AwsSimulation

_FUNCTIONS = {
    **account.FUNCTIONS,
    **constants.FUNCTIONS,
    **images.FUNCTIONS,
    **parameters.FUNCTIONS,
    **policy_document.FUNCTIONS,
    **services.FUNCTIONS,
}


def answer(simulation: AwsSimulation, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The result of a function. What sandbox.yaml says about it comes first."""
    described = simulation.session.world.answer(token, arguments)
    if described is not None:
        return {"id": token, **arguments, **described}
    own = _FUNCTIONS.get(token)
    region = arguments.get("region")
    here = region if isinstance(region, str) and region else simulation.default_region
    if own is not None:
        return own(simulation, arguments, here)
    return look_up(simulation, token, arguments, here)
