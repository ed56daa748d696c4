"""A test double of Google Workspace: what the product's real adapters talk to in tests.

One HTTP server on loopback plays Calendar v3, Meet v2, Drive v3, the OAuth token endpoint and IAM
Credentials, for the same people, in the same rooms, by one clock.
It knows nothing of the product. Facts about Google that are not in a discovery document carry
their source where they are used.
"""

from tests.workspace_double.directory import User
from tests.workspace_double.double import WorkspaceDouble
from tests.workspace_double.gateway import ApiCall
from tests.workspace_double.held import (
    NEVER,
    Attendee,
    Conference,
    Recording,
    anonymous,
    phone,
    signed_in,
)

__all__ = [
    "NEVER",
    "ApiCall",
    "Attendee",
    "Conference",
    "Recording",
    "User",
    "WorkspaceDouble",
    "anonymous",
    "phone",
    "signed_in",
]
