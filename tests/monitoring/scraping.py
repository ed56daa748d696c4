"""What `/metrics` shows, as numbers."""

from prometheus_client.parser import text_string_to_metric_families

from tests.monitoring.definitions import NAMESPACE
from tests.processes.asking import ask


class Metrics:
    """The samples of one moment, by name and labels."""

    def __init__(self, url: str) -> None:
        answer = ask(url, "GET", "/metrics")
        assert answer.status == 200
        families = text_string_to_metric_families(answer.body.decode())
        self._samples = [
            (sample.name.removeprefix(NAMESPACE), sample.labels, sample.value)
            for family in families
            for sample in family.samples
            if sample.name.startswith(NAMESPACE)
        ]

    @property
    def labels(self) -> dict[str, set[str]]:
        """The labels of each sample's name."""
        return {name: set(labels) for name, labels, _ in self._samples}

    def value(self, name: str, **labels: str) -> float:
        """The value of one sample; 0 where there is none."""
        return sum(value for known, of, value in self._samples if (known, of) == (name, labels))
