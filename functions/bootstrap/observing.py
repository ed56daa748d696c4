"""Traces, errors and metrics as the settings have them; what is off is never loaded."""

from typing import TYPE_CHECKING

from functions import tracing
from functions.bootstrap.once import Once
from functions.settings import Settings, SettingsError

if TYPE_CHECKING:
    from flask import Flask

    from infra.otlp_traces import OtlpTraces
    from infra.prometheus import Metrics


def send_traces(settings: Settings) -> None:
    """Have spans made and sent, if that is wanted; nothing is loaded before the first."""
    endpoint = settings.otlp_traces_endpoint
    if endpoint is None:
        return

    def traces() -> "OtlpTraces":
        from infra.otlp_traces import OtlpTraces

        return OtlpTraces(endpoint, settings.google_cloud_project)

    made = Once(traces)
    tracing.make_spans(lambda name, kind: made().start(name, kind))


def send_errors(settings: Settings) -> None:
    """Have errors sent to Sentry, if that is wanted; raises SettingsError."""
    if settings.sentry_dsn is None:
        return
    from infra.sentry import configure_sentry

    try:
        configure_sentry(
            settings.sentry_dsn,
            settings.google_cloud_project,
            settings.revision,
            settings.in_cloud,
        )
    except ValueError:
        # What the SDK says of it may repeat the DSN.
        fault = "SENTRY_DSN is no DSN: copy it from the project in Sentry"
        raise SettingsError([fault]) from None


def metrics() -> "Metrics":
    from infra.prometheus import Metrics

    return Metrics()


def show_metrics(app: "Flask", metrics: "Metrics") -> None:
    """Show them at /metrics of the app, to anybody who asks."""
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    mounts = {"/metrics": metrics.wsgi_app}
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, mounts)  # type: ignore[method-assign]
