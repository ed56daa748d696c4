"""When the sweep last went through."""

from datetime import timedelta

from google.api_core import exceptions
from google.cloud import firestore

from functions.bootstrap import Stores
from tests.stores.losing import losing_answers
from tests.stores.making import firestore_stores
from tests.values import NOW


def test_at_first_it_never_did(stores: Stores) -> None:
    assert stores.sweeps.last_swept_at() is None


def test_the_last_one_is_kept(stores: Stores) -> None:
    for minutes in (0, 1):
        stores.sweeps.note(NOW + timedelta(minutes=minutes, microseconds=1))

    assert stores.sweeps.last_swept_at() == NOW + timedelta(minutes=1, microseconds=1)


def test_an_answer_that_is_lost_hinders_nothing(firestore_client: firestore.Client) -> None:
    lost = exceptions.DeadlineExceeded("too late")

    firestore_stores(losing_answers(firestore_client, lost)).sweeps.note(NOW)

    assert firestore_stores(firestore_client).sweeps.last_swept_at() == NOW
