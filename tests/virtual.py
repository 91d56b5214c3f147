"""An event loop whose time is its own: a sleep takes no time, and work that is handed to a thread takes none either."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.store import Storage, Store

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Where the loop would wait for a timer, time goes on at once; where it would wait for a thread, it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.threads:
            return super().select(None if timeout is None or timeout > 0 else 0)
        if timeout is None:
            raise RuntimeError("nothing will ever happen again")
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """`time` begins at 0 and is in seconds."""

    def __init__(self) -> None:
        self.virtual = _Selector()
        super().__init__(self.virtual)

    def time(self) -> float:
        return self.virtual.now


class VirtualStorage(Storage):
    """A storage whose transactions take no time of a virtual loop."""

    async def run(self, work: Callable[[Store], T]) -> T:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.virtual.threads += 1
        try:
            return await super().run(work)
        finally:
            loop.virtual.threads -= 1


def run(main: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` in a time of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
