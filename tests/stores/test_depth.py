"""A page is one query, however deep it is."""

from google.cloud import firestore
from google.cloud.firestore_v1.types import StructuredQuery

from functions.models import Meeting, MeetingQuery, new_id
from tests.stores.making import firestore_stores
from tests.stores.spying import Spy
from tests.values import a_meeting, put

DEPTH = 1000


def many_alike(client: firestore.Client, count: int) -> list[Meeting]:
    """Store one meeting and copies of its document; returns them in the order of a listing."""
    first = a_meeting()
    put(firestore_stores(client).meetings, first)
    collection = client.collection("meetings")
    document = collection.document(first.id).get().to_dict() or {}
    copies = [first.replace(id=new_id()) for _ in range(count - 1)]
    batch = client.batch()
    for copy in copies:
        batch.set(collection.document(copy.id), {**document, "id": copy.id})
    batch.commit()
    return sorted([first, *copies], key=lambda meeting: meeting.id, reverse=True)


class TestDepth:
    def test_the_page_1000_deep_is_one_query_like_the_first(
        self, firestore_client: firestore.Client
    ) -> None:
        meetings = many_alike(firestore_client, DEPTH + 3)
        spy = Spy(firestore_client)
        store, query = firestore_stores(spy.client).meetings, MeetingQuery()

        first = store.page(query, 1, None)
        deep = store.page(query, 1, query.position(meetings[DEPTH - 1]))

        assert first.items == (meetings[0],)
        assert deep.items == (meetings[DEPTH],)
        assert [name for name, _ in spy.calls] == ["run_query", "run_query"]
        of_first, of_deep = spy.queries
        assert of_deep.limit == 2
        assert of_deep.offset == 0
        assert not of_deep.start_at.before
        assert len(of_deep.start_at.values) == 2
        assert of_deep.start_at.values[1].reference_value.endswith(meetings[DEPTH - 1].id)
        StructuredQuery.pb(of_deep).ClearField("start_at")
        assert of_deep == of_first
