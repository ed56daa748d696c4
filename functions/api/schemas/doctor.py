"""What is answered of the things that the product needs."""

from pydantic import BaseModel, ConfigDict

from functions.doctor import CheckOutcome


class CheckView(BaseModel):
    model_config = ConfigDict(from_attributes=True, defer_build=True)

    name: str
    outcome: CheckOutcome
    code: str | None
    detail: str | None


class Diagnosis(BaseModel):
    """Each thing that is needed, and what came of looking at it."""

    model_config = ConfigDict(defer_build=True)

    checks: list[CheckView]
