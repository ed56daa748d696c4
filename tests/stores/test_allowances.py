"""How many requests callers have made, whoever counts."""

from datetime import timedelta

from google.cloud import firestore

from functions.ports import AllowanceStore
from infra.firestore.allowances import ALLOWANCES
from tests.stores.making import at_once, firestore_stores
from tests.values import NOW

EXPIRES_AT = NOW + timedelta(hours=1)


class TestAllowances:
    def test_returns_the_sum(self, allowances: AllowanceStore) -> None:
        sums = [allowances.take("caller", "09:00", count, EXPIRES_AT) for count in (1, 5, 2)]

        assert sums == [1, 6, 8]

    def test_callers_and_windows_do_not_meet(self, allowances: AllowanceStore) -> None:
        allowances.take("one", "09:00", 5, EXPIRES_AT)

        assert allowances.take("two", "09:00", 1, EXPIRES_AT) == 1
        assert allowances.take("one", "09:01", 1, EXPIRES_AT) == 1

    def test_nothing_is_lost_between_threads(self, allowances: AllowanceStore) -> None:
        def take_three(count: int) -> list[int]:
            return [allowances.take("caller", "09:00", count, EXPIRES_AT) for _ in range(3)]

        sums = [one for three in at_once(take_three, [1] * 8) for one in three]

        assert sorted(sums) == list(range(1, 25))


class TestFirestore:
    """Firestore alone: its TTL deletes what is over."""

    def test_the_document_says_when_it_expires(self, firestore_client: firestore.Client) -> None:
        allowances = firestore_stores(firestore_client).allowances

        allowances.take("caller", "09:00", 3, EXPIRES_AT)

        [found] = firestore_client.collection(ALLOWANCES).get()
        assert found.to_dict() == {"requests": 3, "expires_at": EXPIRES_AT}
