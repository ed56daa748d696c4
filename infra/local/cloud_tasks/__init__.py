"""A local stand-in for Google Cloud Tasks: the same gRPC API, served by this machine.

The product talks to it with the unmodified `tasks_v2` client; nothing here runs in the cloud.
"""

from infra.local.cloud_tasks.faults import Faults
from infra.local.cloud_tasks.stand_in import CloudTasksStandIn

__all__ = ["CloudTasksStandIn", "Faults"]
