"""If-Match: a change is made on what its caller has seen, or not at all."""

import pytest

from tests.api.caller import MEETINGS, Answer, Api, content
from tests.api.reading import timeline
from tests.api.resources import KINDS, Resource, make


@pytest.fixture(params=KINDS)
def resource(request: pytest.FixtureRequest, api: Api) -> Resource:
    return make(api, request.param)


def failed(answer: Answer) -> bool:
    return answer.status == 412 and answer.json["code"] == "precondition_failed"


def retry(api: Api, meeting_id: str, tag: str) -> Answer:
    return api.send("POST", f"{MEETINGS}{meeting_id}/retry/", headers={"If-Match": tag})


class TestChange:
    @pytest.mark.parametrize("header", ["{}", '"x", {}', 'W/"x" ,{}', '{}, "x"', "*"])
    def test_one_as_it_was_seen_is_changed(self, resource: Resource, header: str) -> None:
        answer = resource.patch(resource.ours, If_Match=header.format(resource.tag()))

        assert answer.status == 200
        assert {name: answer.json[name] for name in resource.ours} == resource.ours

    def test_one_that_another_changed_meanwhile_is_left_alone(self, resource: Resource) -> None:
        tag = resource.tag()
        resource.change_by_another()
        theirs = resource.get().json

        assert failed(resource.patch(resource.ours, If_Match=tag))

        assert resource.get().json == theirs

    def test_one_is_changed_after_it_was_read_again(self, resource: Resource) -> None:
        tag = resource.tag()
        resource.change_by_another()
        resource.patch(resource.ours, If_Match=tag)

        answer = resource.patch(resource.ours, If_Match=resource.tag())

        assert answer.status == 200
        merged = {**resource.theirs, **resource.ours}
        assert {name: answer.json[name] for name in merged} == merged

    def test_the_tag_of_a_change_serves_for_the_next_one(self, resource: Resource) -> None:
        first = resource.patch(resource.theirs, If_Match=resource.tag())

        second = resource.patch(resource.ours, If_Match=first.headers["ETag"])

        assert second.status == 200

    @pytest.mark.parametrize(
        "header",
        ["W/{}", 'W/{}, "x"', '"x"', '"*"', "", ",", '"', "W/", '"x', "x y z", '"é"', '"0-x"'],
    )
    def test_a_weak_tag_or_another_or_none_holds_nowhere(
        self, resource: Resource, header: str
    ) -> None:
        before = resource.get()

        answer = resource.patch(resource.ours, If_Match=header.format(before.headers["ETag"]))

        assert failed(answer)
        assert resource.get().json == before.json

    @pytest.mark.parametrize("header", ['"x"', "*"])
    def test_of_what_is_not_there_it_is_said_that_it_is_not(
        self, resource: Resource, header: str
    ) -> None:
        missing = Resource(
            resource.api, f"{resource.path[:-33]}{'f' * 32}/", resource.theirs, resource.ours
        )

        assert missing.patch(missing.ours, If_Match=header).status == 404
        assert missing.delete(If_Match=header).status == 404


class TestRemoval:
    def test_one_as_it_was_seen_is_removed(self, resource: Resource) -> None:
        assert resource.delete(If_Match=resource.tag()).status in (200, 204)

    def test_one_that_another_changed_meanwhile_stays(self, resource: Resource) -> None:
        tag = resource.tag()
        resource.change_by_another()
        theirs = resource.get().json

        assert failed(resource.delete(If_Match=tag))

        assert resource.get().json == theirs

    def test_a_weak_tag_holds_nowhere(self, resource: Resource) -> None:
        assert failed(resource.delete(If_Match=f"W/{resource.tag()}"))


class TestMeeting:
    def test_its_link_came_meanwhile_and_it_is_changed_all_the_same(self, api: Api) -> None:
        meeting = make(api, "meeting")
        tag = meeting.tag()
        api.sync(meeting.get().json["id"])

        answer = meeting.patch(meeting.ours, If_Match=tag)

        assert meeting.get(If_None_Match=tag).status == 200
        assert answer.status == 200
        assert answer.json["meet_link"]

    def test_its_link_failed_meanwhile_and_it_is_cancelled_all_the_same(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-fail-forbidden-1")
        tag = api.get(f"{MEETINGS}{meeting_id}/").headers["ETag"]
        api.sync(meeting_id)

        assert api.delete(meeting_id, headers={"If-Match": tag}).status == 200

    def test_a_guest_came_meanwhile_and_it_is_left_alone(self, api: Api) -> None:
        meeting = make(api, "meeting")
        tag = meeting.tag()
        api.send("POST", f"{meeting.path}participants/", **content({"email": "x@y.com"}))

        assert failed(meeting.patch(meeting.ours, If_Match=tag))

    def test_a_refused_change_leaves_no_trace(self, api: Api) -> None:
        meeting = make(api, "meeting")
        meeting_id = meeting.get().json["id"]

        meeting.patch(meeting.ours, If_Match='"9-x"')

        assert [entry["kind"] for entry in timeline(api, meeting_id)] == ["meeting.created"]
        assert len(api.queue.names) == 1

    def test_a_condition_is_looked_at_before_the_body(self, api: Api) -> None:
        meeting = make(api, "meeting")

        assert failed(meeting.patch({"summary": ""}, If_Match='"9-x"'))

    def test_a_cancelled_one_that_was_seen_so_is_over(self, api: Api) -> None:
        meeting = make(api, "meeting")
        active = meeting.tag()
        cancelled = meeting.delete()

        with_new = meeting.patch(meeting.ours, If_Match=cancelled.headers["ETag"])
        with_old = meeting.patch(meeting.ours, If_Match=active)

        assert (with_new.status, with_new.json["code"]) == (409, "invalid_transition")
        assert failed(with_old)

    def test_a_cancellation_is_repeated_with_the_tag_of_the_first(self, api: Api) -> None:
        meeting = make(api, "meeting")
        first = meeting.delete(If_Match=meeting.tag())

        again = meeting.delete(If_Match=first.headers["ETag"])

        assert (again.status, again.json) == (200, first.json)


class TestRetry:
    def test_what_failed_is_retried_as_it_was_seen(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-fail-forbidden-1")
        api.sync(meeting_id)
        tag = api.get(f"{MEETINGS}{meeting_id}/").headers["ETag"]

        answer = retry(api, meeting_id, tag)

        assert answer.status == 200
        assert answer.json["calendar"]["state"] == "PENDING"
        assert answer.headers["ETag"] == api.get(f"{MEETINGS}{meeting_id}/").headers["ETag"]

    def test_what_was_changed_meanwhile_is_not_retried(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-fail-forbidden-1")
        tag = api.get(f"{MEETINGS}{meeting_id}/").headers["ETag"]
        api.patch(meeting_id, {"summary": "Theirs"})
        api.sync(meeting_id)
        tasks = list(api.queue.names)

        assert failed(retry(api, meeting_id, tag))

        assert api.get(f"{MEETINGS}{meeting_id}/").json["calendar"]["state"] == "FAILED"
        assert api.queue.names == tasks
