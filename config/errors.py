"""Errors that a person can mend: their message says what, where and the remedy, and no traceback is shown."""

from __future__ import annotations

WRONG_USE, RUN_FAILED = 2, 3


class OperatorError(Exception):
    """Something that the operator can put right; ``exit_code`` is what the command ends with."""

    exit_code = RUN_FAILED


class UsageError(OperatorError):
    """The command was asked for something that cannot be: a wrong path, year or file of configuration."""

    exit_code = WRONG_USE
