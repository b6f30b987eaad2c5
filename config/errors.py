"""The errors that every room raises for input a person can mend."""

from __future__ import annotations


class ConfigError(Exception):
    """A setting, pack or argument that cannot be used. The message names the place and what would be accepted.

    The command line turns it into exit code 2 (usage or configuration); nothing is started after it.
    """


class FieldError(ValueError):
    """Raised inside a model's validator: what is wrong, where below the model (`at`), and what is accepted."""

    def __init__(self, message: str, *, at: tuple[str | int, ...] = (), accepted: str = "") -> None:
        super().__init__(message)
        self.at = at
        self.accepted = accepted
