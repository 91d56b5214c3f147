"""Names → addresses, without ever waiting for a name server that does not answer."""

import asyncio
import socket
import threading
from collections.abc import Callable

from watchlists import faults
from watchlists.errors import WirewatchError

LookUp = Callable[[str, int], list[str]]  # blocking; raises OSError or UnicodeError


class UnresolvedError(WirewatchError):
    """A host name without an address, or without one in time."""


class Resolver:
    """getaddrinfo, each call in a daemon thread of its own.

    A name server that does not answer holds its thread for up to half a minute. In a shared executor a few
    such names would stop all lookups, and the program could not end before them; these threads stop nobody.
    A name that is being looked up already is not looked up a second time. `limit` is far above what 16 polls
    with their 3 s for a name can leave behind; at the limit further names wait.
    """

    def __init__(self, limit: int = 128, look_up: LookUp | None = None) -> None:
        self._free = asyncio.Semaphore(limit)
        self._look_up = look_up or _getaddrinfo
        self._asked: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def lookup(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, without repeats, the system's preferred first; raise `UnresolvedError`."""
        asked = self._asked.get((host, port))
        if asked is None:
            await self._free.acquire()
            asked = self._asked.get((host, port))
            if asked is None:
                asked = self._ask(host, port)
            else:
                self._free.release()
        try:
            return await asyncio.shield(asked)
        except (OSError, UnicodeError):
            raise UnresolvedError(faults.NO_NAME.format(host=host)) from None

    def _ask(self, host: str, port: int) -> asyncio.Future[list[str]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()
        self._asked[host, port] = answer

        def settle(addresses: list[str], problem: Exception | None) -> None:
            del self._asked[host, port]
            self._free.release()
            if problem is None:
                answer.set_result(addresses)
            else:
                answer.set_exception(problem)
                answer.exception()  # whoever asked may have lost patience: that nobody hears it is no error

        def work() -> None:
            try:
                addresses, problem = self._look_up(host, port), None
            except (OSError, UnicodeError) as error:
                addresses, problem = [], error
            try:
                loop.call_soon_threadsafe(settle, addresses, problem)
            except RuntimeError:  # the loop closed meanwhile: nobody waits for the answer
                return

        threading.Thread(target=work, name=f"dns {host[:40]}", daemon=True).start()
        return answer


def _getaddrinfo(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
