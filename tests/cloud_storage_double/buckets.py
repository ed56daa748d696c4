"""Buckets, their objects, and who may do what: `storage.objects` get, insert and delete."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.workspace_double.errors import ApiError
from tests.workspace_double.gateway import ApiCall

# What roles/storage.objectUser has of them:
# https://cloud.google.com/storage/docs/access-control/iam-roles
OBJECT_USER = frozenset({"create", "delete", "get", "list"})


@dataclass(frozen=True)
class StoredObject:
    content: bytes
    content_type: str
    generation: int
    is_composite: bool = False
    """Composed of other objects: of these only the CRC32C is known."""

    def resource(self, bucket: str, name: str) -> dict[str, Any]:
        digest = hashlib.md5(self.content, usedforsecurity=False).digest()
        md5 = {} if self.is_composite else {"md5Hash": base64.b64encode(digest).decode()}
        return {
            "kind": "storage#object",
            "id": f"{bucket}/{name}/{self.generation}",
            "bucket": bucket,
            "name": name,
            "generation": str(self.generation),
            "size": str(len(self.content)),
            "contentType": self.content_type,
            **md5,
        }


@dataclass
class Bucket:
    name: str
    granted: set[str] = field(default_factory=lambda: set(OBJECT_USER))
    """What the service account may do with objects here."""

    objects: dict[str, StoredObject] = field(default_factory=dict)

    def demand(self, permission: str) -> None:
        if permission not in self.granted:
            message = f"The caller does not have storage.objects.{permission} access."
            raise ApiError(403, "forbidden", message)

    def check(self, name: str, wanted: str | None) -> None:
        """Hold ifGenerationMatch against the object; "0" is for one that is not there."""
        stored = self.objects.get(name)
        if wanted is not None and int(wanted) != (stored.generation if stored else 0):
            message = "At least one of the pre-conditions you specified did not hold."
            raise ApiError(412, "conditionNotMet", message)


class Buckets:
    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._generation = 1_700_000_000_000_000

    def handlers(self) -> dict[str, Callable[[ApiCall], Any]]:
        return {"storage.objects.get": self.get, "storage.objects.delete": self.delete}

    def add(self, name: str) -> Bucket:
        return self._buckets.setdefault(name, Bucket(name))

    def find(self, name: str) -> Bucket:
        if name not in self._buckets:
            raise ApiError(404, "notFound", "The specified bucket does not exist.")
        return self._buckets[name]

    def remove(self, name: str) -> None:
        del self._buckets[name]

    def put(self, bucket: str, name: str, content: bytes, content_type: str) -> StoredObject:
        self._generation += 1
        stored = StoredObject(content, content_type, self._generation)
        self.find(bucket).objects[name] = stored
        return stored

    def get(self, call: ApiCall) -> dict[str, Any]:
        bucket, name, stored = self._object(call.parameters)
        bucket.demand("get")
        return stored.resource(bucket.name, name)

    def delete(self, call: ApiCall) -> None:
        bucket = self.find(call.parameters["bucket"])
        bucket.demand("delete")
        bucket, name, _ = self._object(call.parameters)
        bucket.check(name, call.parameters.get("ifGenerationMatch"))
        del bucket.objects[name]

    def _object(self, parameters: Mapping[str, Any]) -> tuple[Bucket, str, StoredObject]:
        bucket = self.find(parameters["bucket"])
        name = parameters["object"]
        if name not in bucket.objects:
            # Whether there is one is told only to those who may list.
            bucket.demand("list")
            raise ApiError(404, "notFound", f"No such object: {bucket.name}/{name}")
        return bucket, name, bucket.objects[name]
