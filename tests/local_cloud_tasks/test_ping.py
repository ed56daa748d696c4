"""Whether a queue is there and sends its tasks, as ready/ and doctor ask it."""

import pytest

from functions.errors import PermanentError
from infra.cloud_tasks import CloudTasksQueue
from tests.local_cloud_tasks.conftest import QUEUE


@pytest.fixture
def asked(client):
    return CloudTasksQueue(lambda: client, QUEUE, "http://localhost/", None, 60)


def test_a_queue_that_is_not_there_is_refused(asked):
    with pytest.raises(PermanentError) as refused:
        asked.ping()

    assert refused.value.code == "queue_refuses"


def test_a_paused_queue_says_how_it_is_resumed(asked, queue, client):
    asked.ping()

    client.pause_queue(name=QUEUE)
    with pytest.raises(PermanentError) as paused:
        asked.ping()
    assert paused.value.code == "queue_paused"
    assert "gcloud tasks queues resume" in paused.value.detail

    client.resume_queue(name=QUEUE)
    asked.ping()
