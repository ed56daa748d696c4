"""What infra/cloud_tasks.py hands over, and when that is delivered."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.cloud_tasks import CloudTasksQueue
from tests.local_cloud_tasks.conftest import QUEUE


@pytest.fixture
def handing_over(client, queue, receiver):
    return CloudTasksQueue(lambda: client, QUEUE, receiver.url, None, 60)


@pytest.mark.parametrize("delay_seconds", [2, 90])
def test_a_task_comes_after_its_delay(handing_over, client, receiver, clock, delay_seconds):
    before = datetime.now(UTC)

    handing_over.enqueue("later", {"meeting_id": "1"}, delay_seconds=delay_seconds)

    [task] = client.list_tasks(parent=QUEUE)
    assert task.schedule_time >= before + timedelta(seconds=delay_seconds)
    clock.advance(delay_seconds - 2)
    assert receiver.requests == []
    clock.advance(4)
    receiver.wait_for(1)


def test_one_without_a_delay_is_not_put_off(handing_over, client):
    client.pause_queue(name=QUEUE)

    handing_over.enqueue("now", {"meeting_id": "1"})

    [task] = client.list_tasks(parent=QUEUE)
    assert task.schedule_time <= datetime.now(UTC)
