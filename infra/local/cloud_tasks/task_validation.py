"""Which tasks CreateTask accepts."""

import re
from urllib.parse import quote, urlsplit

from google.cloud.tasks_v2.types import HttpMethod, HttpRequest, Task

from infra.local.cloud_tasks import resource_names
from infra.local.cloud_tasks.refusal import invalid_argument, unimplemented

MAX_TASK_BYTES = 1024 * 1024
MAX_SCHEDULE_AHEAD_SECONDS = 30 * 86400
MAX_URL_CHARACTERS = 2083
MAX_HEADER_BYTES = 80 * 1024
"""https://cloud.google.com/tasks/docs/quotas"""

DEFAULT_DISPATCH_DEADLINE_SECONDS = 600.0
SHORTEST_DISPATCH_DEADLINE_SECONDS = 15
LONGEST_DISPATCH_DEADLINE_SECONDS = 1800

METHODS_WITH_BODY = {HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH}
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def check(task: Task, queue_name: str, now: float) -> None:
    """Refuse a task that Google would not take into the queue, or that cannot be sent."""
    message = Task.pb(task)
    _check_name(task.name, queue_name)
    if message.HasField("app_engine_http_request"):
        raise unimplemented("The stand-in has no App Engine targets; use http_request.")
    if not message.HasField("http_request"):
        raise invalid_argument("Task.http_request is required.")
    _check_http_request(task.http_request)
    if message.ByteSize() > MAX_TASK_BYTES:
        raise invalid_argument(
            f"Task size too large: {message.ByteSize()} bytes, the maximum is {MAX_TASK_BYTES}."
        )
    if message.schedule_time.ToNanoseconds() / 1e9 > now + MAX_SCHEDULE_AHEAD_SECONDS:
        raise invalid_argument(
            f"Task.schedule_time must be no later than 30 days from now,"
            f" found {message.schedule_time.ToJsonString()}."
        )
    seconds = dispatch_deadline_seconds(task)
    shortest, longest = SHORTEST_DISPATCH_DEADLINE_SECONDS, LONGEST_DISPATCH_DEADLINE_SECONDS
    if not shortest <= seconds <= longest:
        raise invalid_argument(
            f"Task.dispatch_deadline must be between {shortest} s and {longest} s,"
            f" found {seconds} s."
        )


def dispatch_deadline_seconds(task: Task) -> float:
    """Return how long an attempt may take, including its whole answer."""
    message = Task.pb(task)
    if not message.HasField("dispatch_deadline"):
        return DEFAULT_DISPATCH_DEADLINE_SECONDS
    seconds: float = message.dispatch_deadline.ToNanoseconds() / 1e9
    return seconds


def encoded_url(url: str) -> str:
    """Percent-encode whatever a request line may not contain."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def _check_name(name: str, queue_name: str) -> None:
    if name and resource_names.queue_of_task(name) != queue_name:
        raise invalid_argument(
            f'The queue name from the request ("{queue_name}") must be the same as'
            f' the queue name in the named task ("{name}").'
        )


def _check_http_request(request: HttpRequest) -> None:
    _check_url(request.url)
    if request.body and request.http_method not in {
        HttpMethod.HTTP_METHOD_UNSPECIFIED,
        *METHODS_WITH_BODY,
    }:
        raise invalid_argument("HttpRequest.body is only allowed with POST, PUT or PATCH.")
    for name, value in request.headers.items():
        if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
            raise invalid_argument(f"HttpRequest.headers has an invalid header: {name!r}.")
    if sum(len(name) + len(value) for name, value in request.headers.items()) > MAX_HEADER_BYTES:
        raise invalid_argument(f"HttpRequest.headers must be at most {MAX_HEADER_BYTES} bytes.")
    message = HttpRequest.pb(request)
    if message.HasField("oauth_token"):
        raise unimplemented("The stand-in issues no OAuth tokens; use oidc_token.")
    if message.HasField("oidc_token") and not request.oidc_token.service_account_email:
        raise invalid_argument("OidcToken.service_account_email is required.")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_complete = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        is_ascii_host = parts.netloc.isascii() and " " not in parts.netloc
    except ValueError:
        is_complete = is_ascii_host = False
    if not (url.startswith(("http://", "https://")) and is_complete and is_ascii_host):
        raise invalid_argument(
            f'HttpRequest.url must be "http://" or "https://" followed by a host, found "{url}".'
        )
    if len(encoded_url(url)) > MAX_URL_CHARACTERS:
        raise invalid_argument(f"HttpRequest.url must be at most {MAX_URL_CHARACTERS} characters.")
