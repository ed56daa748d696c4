"""What callers may ask for, what may fail, and where a process may die."""

from hypothesis import strategies as st

from tests.sync_calendar.world import DELETE, GET, INSERT, PATCH

PICKS = st.integers(0, 7)
METHODS = st.sampled_from([INSERT, GET, PATCH, DELETE])
MOMENTS = st.sampled_from(["before", "after"])
INSTANTS = st.sampled_from(
    [
        (INSERT, "before"),
        (INSERT, "after"),
        (GET, "after"),
        (PATCH, "before"),
        (PATCH, "after"),
        (DELETE, "before"),
        (DELETE, "after"),
    ]
)
OVERTAKING = st.sampled_from(["change", "cancel", "sync", "change and sync"])
SUMMARIES = st.sampled_from(["Appointment", "Check-up", "Control ñ"])
HOURS = st.integers(0, 3)
QUEUE_FAULTS = st.sampled_from([None, None, "refused", "unanswered", "killed"])
DEATHS = st.none() | st.tuples(
    st.sampled_from(["insert", "get", "patch", "delete", "save"]), MOMENTS
)
FAULTS = st.sampled_from(
    [
        {"lose_answer": True},
        {"malformed": True},
        {"reset": True},
        {"html": True},
        {"status": 503},
        {"status": 429, "reason": "rateLimitExceeded"},
        {"status": 403, "reason": "userRateLimitExceeded"},
        {"status": 403, "reason": "quotaExceeded"},
    ]
)
