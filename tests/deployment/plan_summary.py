"""What a plan leads to, as text whose differences can be read.

`python3 -m tests.deployment.plan_summary` reads `terraform show -json PLAN` from its standard
input, and needs the standard library alone. It shows no value of the environment.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from textwrap import indent

from tests.deployment import plan_monitoring
from tests.deployment.plan import UNKNOWN, Plan, Values

SET_BY_GOOGLE = {"LOG_EXECUTION_ID"}
"""Left in a plan of a deployed function: GoogleCloudPlatform/magic-modules#11092."""


def _outside(plan: Plan) -> Iterator[str]:
    invokers = defaultdict(list)
    for grant in plan.grants():
        if grant.role == "roles/run.invoker":
            invokers[grant.what.partition(" if ")[0]].append(grant.who)
    for function in plan.functions:
        may = ", ".join(sorted(invokers[f"service {function['name']}"])) or "nobody"
        ingress = function["service_config"][0]["ingress_settings"]
        yield f"function {function['build_config'][0]['entry_point']}: {ingress}, invoked by {may}"
    for bucket in plan.all("google_storage_bucket"):
        yield f"bucket {bucket['name']}: public access {bucket['public_access_prevention']}"


def _rights(plan: Plan) -> Iterator[str]:
    """Yield a table: who has it, in a column for each function, and what it is a right to."""
    functions = sorted(each["build_config"][0]["entry_point"] for each in plan.functions)
    granted = defaultdict(set)
    for who, role, what in plan.grants():
        if who.startswith("function "):
            granted[f"{role} on {what}"].add(who.removeprefix("function "))
    yield "  ".join(functions)
    for right, of in sorted(granted.items()):
        marks = [("x" if name in of else "-").ljust(len(name)) for name in functions]
        yield "  ".join([*marks, right])


def _edge(plan: Plan) -> Iterator[str]:
    for rule in plan.all("google_compute_global_forwarding_rule"):
        yield f"load balancer {rule['name']}: port {rule['port_range']}"
    for certificate in plan.all("google_compute_managed_ssl_certificate"):
        yield f"certificate: {', '.join(certificate['managed'][0]['domains'])}"
    for group in plan.all("google_compute_region_network_endpoint_group"):
        yield f"behind the load balancer: service {group['cloud_run'][0]['service']}"
    for policy in plan.all("google_compute_security_policy"):
        for rule in policy["rule"]:
            yield f"rule {rule['priority']:>10}: {_rule(rule)}"
    for provider in plan.all("google_iam_workload_identity_pool_provider"):
        issuer = provider["oidc"][0]["issuer_uri"]
        yield f"identities of {issuer}: {provider['attribute_condition']}"


def _rule(rule: Values) -> str:
    match = rule["match"][0]
    conditions = [each["expression"] for each in match.get("expr") or ()]
    conditions += [" ".join(sorted(each["src_ip_ranges"])) for each in match.get("config") or ()]
    limits = [
        f", {limit['count']} in {limit['interval_sec']} s"
        for options in rule.get("rate_limit_options") or ()
        for limit in options["rate_limit_threshold"]
    ]
    preview = ", in preview" if rule.get("preview") else ""
    return f"{rule['action']} {' '.join(conditions)}{''.join(limits)}{preview}"


def _functions(plan: Plan) -> Iterator[str]:
    for function in plan.functions:
        build, service = function["build_config"][0], function["service_config"][0]
        yield (
            f"{build['entry_point']}: {function['name']} in {function['location']},"
            f" {build['runtime']}, runs as {_account(service.get('service_account_email'))},"
            f" {service['max_instance_request_concurrency']} at once,"
            f" {service['available_memory']}, {service['available_cpu']} cpu,"
            f" {service['min_instance_count']} to {service['max_instance_count']} instances,"
            f" {service['timeout_seconds']} s"
        )


def _account(email: str | None) -> str:
    return email.partition("@")[0] if email else UNKNOWN


def _environment(plan: Plan) -> Iterator[str]:
    """Yield each name, and whose it is where not every function has it."""
    given = defaultdict(list)
    for function in plan.functions:
        service = function["service_config"][0]
        secrets = service.get("secret_environment_variables") or ()
        names = {*service.get("environment_variables", [UNKNOWN])} - SET_BY_GOOGLE
        for name in names | {f"{each['key']} (secret)" for each in secrets}:
            given[name].append(function["build_config"][0]["entry_point"])
    for name, functions in given.items():
        everywhere = len(functions) == len(plan.functions)
        yield name if everywhere else f"{name}: {', '.join(sorted(functions))}"


def _work(plan: Plan) -> Iterator[str]:
    for queue in plan.all("google_cloud_tasks_queue"):
        rate, retry = queue["rate_limits"][0], queue["retry_config"][0]
        yield (
            f"queue {queue['name']}: {rate['max_dispatches_per_second']:g} a second,"
            f" {rate['max_concurrent_dispatches']} at once, given up after"
            f" {retry['max_attempts']} attempts and {retry['max_retry_duration']},"
            f" destroy: {queue['deletion_policy']}"
        )
    for job in plan.all("google_cloud_scheduler_job"):
        token = job["http_target"][0]["oidc_token"][0]
        yield (
            f"job {job['name']}: {job['schedule']} {job['time_zone']}, as"
            f" {_account(token.get('service_account_email'))}, deadline {job['attempt_deadline']}"
        )


def _data(plan: Plan) -> Iterator[str]:
    for base in plan.all("google_firestore_database"):
        yield (
            f"database {base['name']}: {base['location_id']}, {base['delete_protection_state']},"
            f" {base['point_in_time_recovery_enablement']}, destroy: {base['deletion_policy']}"
        )
    for backup in plan.all("google_firestore_backup_schedule"):
        yield f"backup of {backup['database']}: kept for {backup['retention']}"
    for field in plan.all("google_firestore_field"):
        if field.get("ttl_config"):
            yield f"deleted once it expires: {field['collection']}/{field['field']}"


def _names(resources: Iterable[Values], attribute: str) -> Iterator[str]:
    return (resource[attribute] for resource in resources)


def summary(shown: Values) -> str:
    plan = Plan(shown)
    if refused := plan.sole_grants():
        raise SystemExit(
            f"{', '.join(refused)}: it takes away what is granted elsewhere, and what it grants is"
            " not shown. Grant with google_…_iam_member."
        )
    others = (grant for grant in plan.grants() if not grant.who.startswith("function "))
    parts = {
        "reached from outside": chain(_outside(plan), _edge(plan)),
        "other rights": (f"{who}: {role} on {what}" for who, role, what in others),
        "functions": _functions(plan),
        "environment of the functions": _environment(plan),
        "queues and schedule": _work(plan),
        "data": _data(plan),
        "APIs": _names(plan.all("google_project_service"), "service"),
        "promises": plan_monitoring.promises(plan),
        "alerts": plan_monitoring.alerts(plan),
        "logs": plan_monitoring.logs(plan),
        "charts": plan_monitoring.charts(plan),
        "resources": plan.types(),
    }
    texts = {"destroyed": sorted(plan.destroyed()), "rights of the functions": [*_rights(plan)]}
    texts |= {title: sorted(lines) for title, lines in parts.items()}
    return "\n".join(
        f"{title}\n" + "".join(indent(f"{line}\n", "  ") for line in lines)
        for title, lines in texts.items()
    )


if __name__ == "__main__":
    sys.stdout.write(summary(json.load(sys.stdin)))
