"""What is measured against: the same calls of the same clients, and nothing of ours."""

import functools
import json
import os
import uuid
from typing import Any

import flask
import functions_framework


@functions_framework.http
def hello(request: flask.Request) -> str:
    return "hello"


@functools.cache
def clients() -> Any:
    import grpc
    from google.cloud import firestore, tasks_v2
    from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

    channel = grpc.insecure_channel(os.environ["CLOUD_TASKS_EMULATOR_HOST"])
    tasks = tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
    return firestore.Client(project=os.environ["GOOGLE_CLOUD_PROJECT"]), tasks, tasks_v2


@functions_framework.http
def create(request: flask.Request) -> Any:
    body = json.loads(request.get_data())
    database, tasks, tasks_v2 = clients()
    meeting_id = uuid.uuid4().hex
    batch = database.batch()
    batch.create(database.collection("meetings").document(meeting_id), body)
    batch.create(database.collection("references").document(meeting_id), {"id": meeting_id})
    batch.commit()
    queue = os.environ["QUEUE"]
    task = tasks_v2.Task(
        name=f"{queue}/tasks/{meeting_id}",
        http_request=tasks_v2.HttpRequest(
            url=os.environ["SYNC_CALENDAR_URL"],
            body=json.dumps({"meeting_id": meeting_id}).encode(),
        ),
    )
    tasks.create_task(parent=queue, task=task)
    return flask.jsonify({"id": meeting_id}), 201


@functions_framework.http
def read(request: flask.Request) -> Any:
    database, *_ = clients()
    snapshot = database.collection("meetings").document(request.path.strip("/")).get()
    return flask.jsonify({"id": snapshot.id, "summary": snapshot.get("summary")})
