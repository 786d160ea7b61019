"""Settings, read from the environment once, by the command line or the web server's entry point."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_path

from tracker.errors import SettingsError

VARIABLES = {
    "TRACKER_HOME": "data folder: store, archived payloads (default: the user's data folder)",
    "TRACKER_DATABASE_URL": "another database, such as postgresql://user@host/name (default: SQLite in TRACKER_HOME)",
    "TRACKER_HOST": "address the dashboard listens on (default 127.0.0.1)",
    "TRACKER_PORT": "port the dashboard listens on (default 8050)",
}
"""Every variable the tracker itself reads, with what it does; `tracker --help` prints it."""

PREFIX = "TRACKER_"
"""Credentials of sources have names that begin with it; `tracker sources` tells which there are."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are kept and served, and what providers want to be shown.

    Attributes:
        credentials: Every other ``TRACKER_`` variable, by name; never printed.
    """

    home: Path
    database_url: str
    host: str
    port: int
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def archive(self) -> Path:
        """Folder of the archived payloads."""
        return self.home / "archive"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises:
            SettingsError: The port is not a port, or the data folder cannot be made.
        """
        home = Path(environ.get("TRACKER_HOME") or user_data_path("displacement-tracker")).expanduser().absolute()
        port_text = environ.get("TRACKER_PORT") or "8050"
        if not port_text.isdecimal() or not 0 < int(port_text) < 65536:
            raise SettingsError(f"TRACKER_PORT is {port_text!r}: give a number from 1 to 65535")
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"TRACKER_HOME {home} cannot be made: {error.strerror}") from error
        url = environ.get("TRACKER_DATABASE_URL") or f"sqlite:///{home / 'tracker.sqlite'}"
        credentials = {n: v.strip() for n, v in environ.items() if n.startswith(PREFIX) and n not in VARIABLES}
        return cls(home, url, environ.get("TRACKER_HOST") or "127.0.0.1", int(port_text), credentials)
