"""A Google Workspace that is not there: rooms and calls are simulated, and meetings say so.

It keeps nothing. What it would remember follows from the meeting and the time, so any number of
instances agree. The beginning of `external_reference` scripts what happens: see
docs/mock-workspace.md.
"""

from infra.mock_workspace.calendar import MockCalendar
from infra.mock_workspace.drive import MockDrive
from infra.mock_workspace.meet import MockMeet

__all__ = ["MockCalendar", "MockDrive", "MockMeet"]
