"""A plan as `terraform show -json` prints it: its resources, who is granted what, and what goes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Values = Mapping[str, Any]

UNKNOWN = "(known after apply)"
GRANTED_ON = (
    ("_tasks_queue_", "queue", "name"),
    ("_run_", "service", "name"),
    ("_service_account_", "account", "service_account_id"),
    ("_storage_bucket_", "bucket", "bucket"),
    ("_artifact_registry_", "repository", "repository"),
    ("_secret_manager_", "secret", "secret_id"),
    ("_project_", "project", "project"),
)
"""Part of a grant's type, what it is a right to, and the attribute that has its name."""

NEW_EACH_TIME = {"google_storage_bucket_object", "time_sleep"}
"""Replaced by a new version of the code, or a new metric."""


class Grant(NamedTuple):
    who: str
    role: str
    what: str
    """Kind and name, and the condition if there is one."""


class Plan:
    def __init__(self, shown: Values) -> None:
        self._of_type: dict[str, list[Values]] = {}
        for resource in _resources(shown["planned_values"]["root_module"]):
            self._of_type.setdefault(resource["type"], []).append(resource["values"])
        self._changes: list[Values] = shown.get("resource_changes", [])
        self.functions = self.all("google_cloudfunctions2_function")
        project = shown["variables"]["project_id"]["value"]
        self._accounts = {
            f"{name}@{project}.iam.gserviceaccount.com": f"account {name}"
            for name in (each["account_id"] for each in self.all("google_service_account"))
        }
        for function in self.functions:
            email = function["service_config"][0].get("service_account_email", UNKNOWN)
            self._accounts[email] = f"function {function['build_config'][0]['entry_point']}"

    def all(self, kind: str) -> list[Values]:
        return self._of_type.get(kind, [])

    def types(self) -> Iterator[str]:
        return (f"{kind}: {len(resources)}" for kind, resources in self._of_type.items())

    def destroyed(self) -> Iterator[str]:
        for each in self._changes:
            actions = each["change"]["actions"]
            replaced = "create" in actions
            if "delete" in actions and not (replaced and each["type"] in NEW_EACH_TIME):
                yield each["address"] + (" (replaced)" if replaced else "")

    def sole_grants(self) -> list[str]:
        """Return the types that take away what others have granted."""
        return [
            kind for kind in self._of_type if re.fullmatch("google_.+_iam_(binding|policy)", kind)
        ]

    def who(self, member: str | None) -> str:
        """Return the function that runs as this account, or the account if it is made here."""
        if member is None:
            return UNKNOWN
        email = member.removeprefix("serviceAccount:")
        return self._accounts.get(email, member)

    def grants(self) -> Iterator[Grant]:
        for kind, resources in self._of_type.items():
            if "_iam_" not in kind or kind.startswith("google_iam_"):
                continue
            for values in resources:
                conditions = [f" if {each['expression']}" for each in values.get("condition") or ()]
                on = self._granted_on(kind, values) + "".join(conditions)
                yield Grant(self.who(values.get("member")), values.get("role", UNKNOWN), on)

    def _granted_on(self, kind: str, values: Values) -> str:
        for part, what, attribute in GRANTED_ON:
            if part in kind:
                name = values.get(attribute, UNKNOWN)
                if what == "account":
                    name = name.rpartition("/")[2]
                return self._accounts.get(name, f"{what} {name}")
        return kind


def _resources(module: Values) -> Iterator[Values]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)
