"""What the API should do, told once more in plain Python: none of the product's code is used."""

from tests.api.stateful.meetings_model import Meetings
from tests.api.stateful.parts_model import Parts


class World(Meetings, Parts):
    """All that the API knows, and the verdict on whatever it is asked for."""
