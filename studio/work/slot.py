"""A slot for news: a slow reader gets the newest picture and misses no iteration."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from studio.work.facts import News


class NewsSlot:
    """Holds at most one picture; a fast writer never waits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._news: News | None = None

    def put(self, news: News) -> bool:
        """Add news; true when the slot was empty, so that the reader must be woken."""
        with self._lock:
            waiting, self._news = self._news, news
            if waiting is not None and waiting.take == news.take:
                self._news = replace(news, iterations=waiting.iterations + news.iterations)
            return waiting is None

    def take(self) -> News | None:
        """All news since the last call."""
        with self._lock:
            news, self._news = self._news, None
        return news
