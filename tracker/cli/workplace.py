"""What every command shares: the workplace, one-line errors, exit codes."""

import logging
import os
import sys
from dataclasses import dataclass
from typing import Any, NoReturn

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from tracker.database import open_store, require_current
from tracker.errors import TrackerError
from tracker.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Workplace:
    """What every command works on."""

    settings: Settings
    store: Engine

    @classmethod
    def open(cls, *, upgraded: bool = True) -> "Workplace":
        """Read the settings and open the store; unless told otherwise it must be at the current revision."""
        settings = Settings.read(os.environ)
        store = open_store(settings.database_url)
        if upgraded:
            require_current(store)
        return cls(settings, store)


def say(text: str) -> None:
    """Tell the person, on standard error: standard output is for data."""
    click.echo(text, err=True)


class OneLineErrors(click.Group):
    """Turns the tracker's errors into one line on standard error and an exit code; no traceback reaches a person."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the root's own options."""
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            self._refuse(error)

    def invoke(self, context: click.Context) -> Any:
        """Run a command; its errors end here."""
        try:
            return super().invoke(context)
        except TrackerError as error:
            log.debug("stopped", exc_info=True)
            self._stop(str(error), error.exit_code)
        except click.UsageError as error:
            self._refuse(error)
        except DBAPIError as error:
            self._stop(f"the store failed: {str(error.orig).strip().splitlines()[0]}", 1)
        except BrokenPipeError:
            # The reader of a pipe (`| head`) has seen enough.
            _close_output()
            sys.exit(0)
        except OSError as error:
            _close_output()
            self._stop(f"cannot write: {error.strerror}; free space or choose another place", 1)

    def _refuse(self, error: click.UsageError) -> NoReturn:
        """Say in one line what click says in four; a group called without a command shows its help as ever."""
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            raise error
        said = " ".join(error.format_message().split()).rstrip(".")
        command = error.ctx.command_path if error.ctx else "tracker"
        self._stop(f"{said}; see {command} --help", error.exit_code)

    @staticmethod
    def _stop(message: str, code: int) -> NoReturn:
        say(f"tracker: {message}")
        sys.exit(code)


def _close_output() -> None:
    """Send what is still buffered nowhere, so that ending does not fail a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def progress(text: str) -> None:
    """Tell how long work is going, if somebody is watching."""
    if sys.stderr.isatty():
        say(text)
