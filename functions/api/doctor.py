"""What the command `make doctor` looks at, as far as this function has the right to."""

from collections.abc import Callable

from flask import Response

from functions.api.operations import Answer, operation
from functions.api.responses import json_page
from functions.api.schemas.doctor import CheckView, Diagnosis
from functions.api.services import Services
from functions.doctor import MOCK_WORKSPACE, Question, Skip, examine, require_sweep

NO_RIGHT = Skip(
    "no_right",
    "This function has no right on Google Workspace and Cloud Storage: `make doctor` checks each"
    " scope by itself, and what sync_calendar and sync_recording were refused is on each meeting.",
)


@operation(
    "getDiagnosis",
    "Look at everything that the product needs, each thing by itself",
    description="The settings, Firestore, both queues and the last sweep. This function has no"
    " right on Google Workspace, so the delegated scopes are skipped: `make doctor` checks them.",
    answers={200: Answer("Each thing, whether it failed or not.", Diagnosis)},
)
def examine_all(services: Callable[[], Services]) -> Response:
    needed = services()
    workspace = NO_RIGHT if needed.scheduler.livemode else MOCK_WORKSPACE
    questions: dict[str, Question] = {
        # With a fault in its settings the process would not have started.
        "settings": lambda: None,
        **needed.dependencies,
        "scheduler": lambda: require_sweep(needed.sweeps, needed.now()),
        "delegated_scopes": workspace,
        "recording_bucket": workspace,
    }
    checks = [CheckView.model_validate(check) for check in examine(questions)]
    return json_page(Diagnosis(checks=checks))
