"""A test double of Google Workspace: what the product's real adapters talk to in tests.

One HTTP server on loopback plays Calendar v3, the OAuth token endpoint and IAM Credentials.
It knows nothing of the product. Facts about Google that are not in a discovery document carry
their source where they are used.
"""

from tests.workspace_double.directory import User
from tests.workspace_double.double import WorkspaceDouble
from tests.workspace_double.gateway import ApiCall

__all__ = ["ApiCall", "User", "WorkspaceDouble"]
