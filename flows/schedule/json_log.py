"""A run's log as a file for programs: one JSON object a line, added to what other runs wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

# Prefect's loggers of what runs say, and what tells one run from another in a record.
LOGGERS: Final = ("prefect.flow_runs", "prefect.task_runs")
RUN: Final = ("flow_name", "flow_run_name", "flow_run_id", "task_name", "task_run_name", "task_run_id")
# What steps add to their records.
ADDED: Final = ("totals", "version", "messages_sent")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, message, the run's names and ids, what the step adds."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **{name: getattr(record, name) for name in (*RUN, *ADDED) if getattr(record, name, None) is not None},
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


@contextmanager
def json_log(path: Path | None) -> Iterator[None]:
    """Adds what runs log meanwhile to the file ``path``, its folder made where it lacks; None: nothing.

    Totals are logged as information, which the file gets however quiet PREFECT_LOGGING_LEVEL is.
    """
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setFormatter(JsonLines())
    before = [(logger, logger.level) for logger in map(logging.getLogger, LOGGERS)]
    for logger, _ in before:
        logger.addHandler(handler)
        logger.setLevel(min(logging.INFO, logger.getEffectiveLevel()))
    try:
        yield
    finally:
        for logger, level in before:
            logger.removeHandler(handler)
            logger.setLevel(level)
        handler.close()
