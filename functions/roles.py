"""What a caller can be; a module of its own, since the routes need it and no model."""

from enum import StrEnum


class UserRole(StrEnum):
    """ADMIN may do everything; SERVICE all of meetings; EXTERNAL reads those it takes part in."""

    ADMIN = "admin"
    SERVICE = "service"
    EXTERNAL = "external"
