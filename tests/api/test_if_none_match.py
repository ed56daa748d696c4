"""ETag and If-None-Match: what is known already is not sent again."""

import re

import pytest

from functions.models import UserRole
from tests.api.caller import MEETINGS, USERS, Api, a_body, content
from tests.api.resources import KINDS, Resource, make


@pytest.fixture(params=KINDS)
def resource(request: pytest.FixtureRequest, api: Api) -> Resource:
    return make(api, request.param)


class TestTag:
    def test_is_strong_quoted_and_the_same_as_long_as_nothing_changes(
        self, resource: Resource
    ) -> None:
        first, again = resource.get(), resource.get()

        assert re.fullmatch(r'"[!#-~]+"', first.headers["ETag"])
        assert again.headers["ETag"] == first.headers["ETag"]

    def test_changes_with_a_change_and_comes_with_its_answer(self, resource: Resource) -> None:
        before = resource.tag()

        answer = resource.patch(resource.ours)

        assert answer.headers["ETag"] != before
        assert answer.headers["ETag"] == resource.tag()

    def test_stays_with_a_patch_that_changes_nothing(self, resource: Resource) -> None:
        before = resource.tag()

        assert resource.patch({}).headers["ETag"] == before
        assert resource.tag() == before

    def test_comes_with_the_creation(self, api: Api) -> None:
        made = api.post(a_body())
        again = api.post(a_body())
        guest = api.send(
            "POST", f"{MEETINGS}{made.json['id']}/participants/", **content({"email": "x@y.com"})
        )

        read = api.get(guest.headers["Location"])

        assert again.headers["ETag"] == made.headers["ETag"]
        assert read.headers["ETag"] == guest.headers["ETag"]

    def test_of_a_listing_there_is_none(self, api: Api) -> None:
        assert "ETag" not in api.get(MEETINGS).headers


class TestIfNoneMatch:
    @pytest.mark.parametrize(
        "header", ["{}", "W/{}", '"x", {}', '"x",W/"y" , W/{}', "*", '{}, "x"']
    )
    def test_one_that_is_known_is_not_sent(self, resource: Resource, header: str) -> None:
        tag = resource.tag()

        answer = resource.get(If_None_Match=header.format(tag))

        assert answer.status == 304
        assert answer.json is None
        assert answer.headers["ETag"] == tag
        assert "Content-Type" not in answer.headers

    @pytest.mark.parametrize(
        "header", ['"x"', 'W/"x"', '"*"', "", ",", '"', "W/", '"x', "x y z", '"é"', '"1-"', '"1"']
    )
    def test_another_tag_or_none_is_sent_all(self, resource: Resource, header: str) -> None:
        answer = resource.get(If_None_Match=header)

        assert answer.status == 200
        assert answer.json["id"]

    def test_one_that_another_changed_is_sent(self, resource: Resource) -> None:
        tag = resource.tag()
        resource.change_by_another()

        answer = resource.get(If_None_Match=tag)

        assert answer.status == 200
        assert answer.headers["ETag"] != tag

    def test_head_is_told_the_same(self, api: Api) -> None:
        meeting = make(api, "meeting")

        answer = api.send("HEAD", meeting.path, headers={"If-None-Match": meeting.tag()})

        assert answer.status == 304

    def test_the_newest_recording_is_known_by_its_tag(self, api: Api) -> None:
        recording = make(api, "recording")
        path = re.sub(r"recordings/.*", "recording/", recording.path)
        tag = api.get(path).headers["ETag"]

        assert api.get(path, headers={"If-None-Match": tag}).status == 304
        recording.change_by_another()
        assert api.get(path, headers={"If-None-Match": tag}).status == 200

    def test_the_caller_is_known_by_its_tag(self, api: Api) -> None:
        api.identify(UserRole.SERVICE, "xoma@clinica.com")
        tag = api.get(f"{USERS}me/").headers["ETag"]

        assert api.get(f"{USERS}me/", headers={"If-None-Match": tag}).status == 304


class TestOfAMeeting:
    def test_one_whose_link_came_is_sent(self, api: Api) -> None:
        made = api.post(a_body())
        api.sync(made.json["id"])

        answer = api.get(
            f"{MEETINGS}{made.json['id']}/", headers={"If-None-Match": made.headers["ETag"]}
        )

        assert answer.status == 200
        assert answer.json["meet_link"]

    def test_one_whose_link_failed_is_sent(self, api: Api) -> None:
        made = api.post(a_body(external_reference="sim-fail-forbidden-1"))
        api.sync(made.json["id"])

        answer = api.get(
            f"{MEETINGS}{made.json['id']}/", headers={"If-None-Match": made.headers["ETag"]}
        )

        assert answer.status == 200
        assert answer.json["calendar"]["error"]["code"] == "forbidden"

    def test_one_that_got_a_recording_is_sent(self, api: Api) -> None:
        recording = make(api, "recording")
        meeting = re.sub(r"recordings/.*", "", recording.path)
        tag = api.get(meeting).headers["ETag"]
        recording.change_by_another()

        assert api.get(meeting, headers={"If-None-Match": tag}).status == 200

    def test_a_cancelled_one_that_is_known_is_not_sent(self, api: Api) -> None:
        meeting_id = api.make()
        cancelled = api.delete(meeting_id)

        answer = api.get(
            f"{MEETINGS}{meeting_id}/", headers={"If-None-Match": cancelled.headers["ETag"]}
        )

        assert answer.status == 304

    def test_a_tag_of_one_that_is_not_there_is_no_news(self, api: Api) -> None:
        answer = api.get(f"{MEETINGS}{'f' * 32}/", headers={"If-None-Match": "*"})

        assert answer.status == 404
