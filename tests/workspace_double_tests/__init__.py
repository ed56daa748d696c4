"""What the Workspace double does, which other tests rely on."""

import pytest

pytest.register_assert_rewrite(  # their asserts show both sides, as those of a test file do
    "tests.workspace_double_tests.calendar_calls",
    "tests.workspace_double_tests.google_calls",
    "tests.workspace_double_tests.raw_requests",
)
