"""Who calls, and what they may ask for."""

from typing import Any

from hypothesis import strategies as st

from tests.values import GUEST, ORGANIZER

ADMIN, DEPUTY, XOMA, LOCUM = "admin@x.com", "deputy@x.com", "xoma@x.com", "locum@x.com"
STRANGER = "stranger@x.com"
NURSE = "nurse@clinica.com"
BEGINNING = {
    ADMIN: "admin",
    DEPUTY: "admin",
    XOMA: "service",
    LOCUM: "service",
    NURSE: "service",
    GUEST: "external",
}
"""The other organizer becomes a user by itself, and the stranger never does."""

ORGANIZERS = [ORGANIZER, NURSE]
GUESTS = [GUEST, "companion@correo.com", ORGANIZER]
NOWHERE = "0" * 32

PICKS = st.integers(0, 7)
CALLERS = st.sampled_from([*[XOMA] * 5, ADMIN, ADMIN, DEPUTY, LOCUM, LOCUM, NURSE, GUEST, STRANGER])
READERS = st.sampled_from([XOMA, XOMA, ADMIN, *[GUEST, ORGANIZER] * 4, LOCUM, STRANGER])
MANAGERS = st.sampled_from([*[ADMIN, DEPUTY] * 4, XOMA, GUEST, STRANGER])
KEYS = st.sampled_from([*[None] * 6, "key-1", "key-2", "key-3"])
MATCHES = st.sampled_from([None, None, None, 0, 1, 3])
DRY = st.sampled_from([False, False, False, True])
HOURS = st.sampled_from([-1, 1, 1, 2, 2, 2, 3, 30])
SUMMARIES = st.sampled_from(["Appointment", "Check-up"])
REFERENCES = st.sampled_from([None, "a", "a", "b", "sim-fail-forbidden-1", "sim-transient-1-x"])
KINDS = st.sampled_from([None, "patient", "staff"])
EMAILS = st.sampled_from([*GUESTS, "interpreter@correo.com"])
ROLES = st.sampled_from(["admin", "service", "external"])
STATES = st.sampled_from(["PROCESSING", "AVAILABLE", "AVAILABLE", "MISSING"])
FILES = st.sampled_from(["drive-file-1", "drive-file-2", "drive-file-3"])
USERS_CHANGED = st.sampled_from([*[LOCUM] * 4, DEPUTY, DEPUTY, ADMIN, XOMA, GUEST, ORGANIZER])
SIZES = st.sampled_from([1, 2, 5, 20])
BODIES = st.fixed_dictionaries(
    {
        "organizer_email": st.sampled_from(ORGANIZERS),
        "invited_emails": st.sampled_from([[GUEST], [GUEST], GUESTS[:2], [ORGANIZER]]),
        "hour": HOURS,
        "lasts": st.sampled_from([1, 1, 1, 1, 0]),
        "external_reference": REFERENCES,
        "summary": SUMMARIES,
    }
)
PATCHED = {"summary", "external_reference", "description", "notify"}
PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "hour": HOURS,
        "summary": SUMMARIES,
        "external_reference": REFERENCES,
        "description": st.sampled_from([None, "Bring the report."]),
        "notify": st.sampled_from(["all", "none"]),
        "keeps_end": st.just(True),
    },
)
FILTERED_BY: dict[str, st.SearchStrategy[Any]] = {
    "status": st.lists(
        st.sampled_from(["CREATED", "SCHEDULED", "CANCELLED"]), min_size=1, unique=True
    ),
    "organizer_email": st.sampled_from(ORGANIZERS),
    "participant_email": st.sampled_from(GUESTS),
    "external_reference": st.sampled_from(["a", "b"]),
    "calendar_state": st.sampled_from(["PENDING", "SYNCED", "FAILED"]),
    "has_recording": st.sampled_from(["true", "false"]),
    "scheduled_from": PICKS,
    "scheduled_to": PICKS,
}
FILTERS = st.lists(st.sampled_from(sorted(FILTERED_BY)), max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: FILTERED_BY[name] for name in names})
)
ORDERINGS = st.sampled_from(
    [None, "created_at", "-created_at", "scheduled_start", "-scheduled_start"]
)
