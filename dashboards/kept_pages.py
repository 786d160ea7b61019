"""Pages that were made already, kept until the store or the day changes: asked again, they are there at once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

MOST_PAGES = 128


class KeptPages:
    """The pages asked for last, of one state of the store each; may be used by several threads."""

    def __init__(self) -> None:
        """None is kept yet."""
        self._pages: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def page(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The page of this key, made if it is not there; what ``make`` raises is raised, and nothing kept."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        # Made outside of the lock: one slow page must not hold up all others.
        made = make()
        with self._lock:
            self._pages[key] = made
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)
        return made
