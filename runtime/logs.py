"""Logs: one JSON line each, with everything secret or personal taken out.

Message, extra fields and exception text are all redacted; local variables are never printed.
"""

import json
import logging
import re
import sys
import traceback
from typing import TYPE_CHECKING

from loguru import logger

from models.card_numbers import without_card_numbers

if TYPE_CHECKING:
    from loguru import Message

_SECRETS = (
    re.compile(r"\bkk_(?:test|live)_\w+"),
    re.compile(r"\bwhsec_[\w+/=]+"),
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.+/=~-]{6,}"),
    re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"),
)
_NUMBERS = re.compile(r"(?<![\w-])\+?\d{9,19}(?![\w-])")


def redacted(text: str) -> str:
    """The text without keys, credentials, cards, and with long numbers cut to their last three."""
    for pattern in _SECRETS:
        text = pattern.sub("[redacted]", text)
    return _NUMBERS.sub(lambda number: f"…{number.group()[-3:]}", without_card_numbers(text))


def configure(level: str, process: str) -> None:
    """Send every log line, the standard library's included, through the redacting sink."""
    logger.remove()
    logger.add(_Sink(process), level=level, backtrace=False, diagnose=False)
    logging.basicConfig(handlers=[_Intercept()], level=logging.WARNING, force=True)


class _Sink:
    def __init__(self, process: str) -> None:
        self._process = process

    def __call__(self, message: "Message") -> None:
        record = message.record
        line = {
            "at": record["time"].isoformat(),
            "level": record["level"].name,
            "process": self._process,
            "message": redacted(record["message"]),
            **{key: redacted(str(value)) for key, value in record["extra"].items()},
        }
        caught = record["exception"]
        if caught is not None and caught.value is not None:
            line["error"] = redacted("".join(traceback.format_exception(caught.value)))
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()


class _Intercept(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Hand a standard-library record to loguru."""
        level = record.levelname if record.levelname in logger._core.levels else record.levelno  # type: ignore[attr-defined]  # loguru types hide its core
        logger.opt(exception=record.exc_info).log(level, record.getMessage())
