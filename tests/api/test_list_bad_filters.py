"""GET meetings/ with filters that are wrong: each fault, and words that say what is right."""

import pytest

from tests.api.caller import MEETINGS, Api, faults

PARAMETERS = (
    "calendar_state, cursor, external_reference, has_recording, ordering, organizer_email,"
    " page_size, participant_email, scheduled_from, scheduled_to, status"
)


class TestUnknown:
    @pytest.mark.parametrize(
        "name", ["state", "Status", "status[]", "organizer", "limit", "offset", "validate_only"]
    )
    def test_a_filter_that_is_none_is_told_all_that_are(self, api: Api, name: str) -> None:
        answer = api.get(f"{MEETINGS}?{name}=x")

        assert faults(answer) == [(name, "unknown_field")]
        assert answer.json["errors"][0]["message"] == (
            f"There is no such parameter; there are: {PARAMETERS}."
        )
        assert api.store.asked == []

    @pytest.mark.parametrize(
        ("query", "allowed"),
        [
            ("status=created", ["CREATED", "SCHEDULED", "FINISHED", "CANCELLED"]),
            ("status=", ["CREATED", "SCHEDULED", "FINISHED", "CANCELLED"]),
            ("status=CREATED,FINISHED", ["CREATED", "SCHEDULED", "FINISHED", "CANCELLED"]),
            ("calendar_state=OK", ["PENDING", "SYNCED", "FAILED"]),
            ("has_recording=1", ["true", "false"]),
            ("has_recording=True", ["true", "false"]),
            ("has_recording=", ["true", "false"]),
            (
                "ordering=summary",
                ["created_at", "-created_at", "scheduled_start", "-scheduled_start"],
            ),
            (
                "ordering=%2Bcreated_at",
                ["created_at", "-created_at", "scheduled_start", "-scheduled_start"],
            ),
            (
                "ordering=--created_at",
                ["created_at", "-created_at", "scheduled_start", "-scheduled_start"],
            ),
        ],
    )
    def test_a_value_that_is_none_is_told_all_that_are(
        self, api: Api, query: str, allowed: list[str]
    ) -> None:
        answer = api.get(f"{MEETINGS}?{query}")

        assert faults(answer) == [(query.partition("=")[0], "unknown_value")]
        message = answer.json["errors"][0]["message"]
        assert all(f"'{value}'" in message for value in allowed)
        assert api.store.asked == []

    def test_one_wrong_status_among_right_ones_is_one_fault(self, api: Api) -> None:
        answer = api.get(f"{MEETINGS}?status=CREATED&status=DONE&status=FINISHED")

        assert faults(answer) == [("status", "unknown_value")]


class TestFaults:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("organizer_email=ana", [("organizer_email", "invalid_email")]),
            ("organizer_email=", [("organizer_email", "invalid_email")]),
            ("participant_email=a@b@c.com", [("participant_email", "invalid_email")]),
            ("participant_email=leo+1@correo.com", [("participant_email", "invalid_email")]),
            ("external_reference=", [("external_reference", "empty")]),
            ("external_reference=%20", [("external_reference", "empty")]),
            ("external_reference=" + "x" * 201, [("external_reference", "too_long")]),
            ("external_reference=a%00b", [("external_reference", "control_character")]),
            ("external_reference=a%E2%80%8Bb", [("external_reference", "invisible_character")]),
            ("scheduled_from=2030-02-05T10:00:00", [("scheduled_from", "naive_time")]),
            ("scheduled_from=2030-02-05", [("scheduled_from", "invalid_time")]),
            ("scheduled_from=", [("scheduled_from", "invalid_time")]),
            ("scheduled_to=2030-02-30T10:00:00Z", [("scheduled_to", "invalid_time")]),
            ("scheduled_to=1893456000", [("scheduled_to", "invalid_time")]),
            (
                "organizer_email=x&scheduled_to=y&ordering=z&page_size=0&nothing=1",
                [
                    ("page_size", "out_of_range"),
                    ("organizer_email", "invalid_email"),
                    ("scheduled_to", "invalid_time"),
                    ("ordering", "unknown_value"),
                    ("nothing", "unknown_field"),
                ],
            ),
        ],
    )
    def test_each_is_named_by_its_parameter(
        self, api: Api, query: str, expected: list[tuple[str, str]]
    ) -> None:
        assert faults(api.get(f"{MEETINGS}?{query}")) == expected
        assert api.store.asked == []

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("organizer_email", "ana@clinica.com"),
            ("participant_email", "ana@clinica.com"),
            ("external_reference", "ref"),
            ("scheduled_from", "2030-02-05T10:00:00Z"),
            ("scheduled_to", "2030-02-05T10:00:00Z"),
            ("has_recording", "true"),
            ("calendar_state", "SYNCED"),
            ("ordering", "created_at"),
        ],
    )
    def test_what_is_asked_once_cannot_be_repeated(self, api: Api, name: str, value: str) -> None:
        answer = api.get(f"{MEETINGS}?{name}={value}&{name}={value}")

        assert faults(answer) == [(name, "repeated_parameter")]
        assert api.store.asked == []

    def test_a_cursor_does_not_hide_another_fault(self, api: Api) -> None:
        answer = api.get(f"{MEETINGS}?cursor=x&status=DONE")

        assert faults(answer) == [("status", "unknown_value")]
