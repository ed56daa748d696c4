"""The log as it would be written."""

import json
import logging
from typing import Any

from infra.structured_logging import JsonFormatter


class Log(logging.Handler):
    """Keeps every line."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.setFormatter(JsonFormatter("clinic-project"))

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(self.format(record))

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text]

    def only(self, message: str) -> dict[str, Any]:
        [line] = [line for line in self.lines if line["message"] == message]
        return line
