"""Faults on request: what goes wrong between a bot and Telegram, switched on from outside.

A fault is for the next `times` calls that fit (None: until `clear`), of one method or of all but getUpdates,
to one chat or to all. Two questions matter to a client, was it delivered and did it hear so:

    kind        delivered   answer
    refuse      no          an error (429, 403, 400 with migrate_to_chat_id, any other)
    page        no          502 with an HTML page, as from a proxy
    drop        no          none, the socket is aborted
    delay       yes, late   yes, late
    lose        yes         none, the socket is aborted
    stall       yes         none for a long while
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.refusals import ApiError, bad_request, forbidden, migrated, too_many

FaultKind = Literal["refuse", "page", "drop", "delay", "lose", "stall"]


@dataclass(slots=True)
class Fault:
    """One kind of trouble and the calls it is for."""

    kind: FaultKind
    refusal: ApiError | None = None
    seconds: float = 0.0
    method: str | None = None
    chat_id: int | str | None = None
    times: int | None = 1

    def fits(self, method: str, chat_id: object) -> bool:
        """Whether the call is one of those meant."""
        named = method != "getUpdates" if self.method is None else method == self.method
        return named and (self.chat_id is None or self.chat_id == chat_id)


Chooser = Callable[[str, object], Fault | None]


class Faults:
    """The faults that wait for their calls. Each call meets one at most: the oldest that fits.

    `chooser`, when set, is asked (method, chat_id) for each call that no waiting fault fits: a seeded mix.
    """

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.met: list[tuple[str, object, FaultKind]] = []
        self.chooser: Chooser | None = None

    def add(self, fault: Fault) -> Fault:
        """Any fault."""
        self.waiting.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """This fault is over; nothing happens when it has been met as often as it should."""
        self.waiting = [waiting for waiting in self.waiting if waiting is not fault]

    def clear(self) -> None:
        """From now on all goes well."""
        self.waiting.clear()
        self.chooser = None

    def take(self, method: str, chat_id: object) -> Fault | None:
        """The fault for this call, counted down; None when all goes well."""
        fault = next((fault for fault in self.waiting if fault.fits(method, chat_id)), None)
        if fault is None:
            fault = self.chooser(method, chat_id) if self.chooser is not None else None
        elif fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
        if fault is not None:
            self.met.append((method, chat_id, fault.kind))
        return fault

    def refuse(
        self,
        refusal: ApiError,
        *,
        method: str | None = None,
        chat_id: int | str | None = None,
        times: int | None = 1,
    ) -> Fault:
        """Any error answer."""
        return self.add(Fault("refuse", refusal, method=method, chat_id=chat_id, times=times))

    def too_many(
        self,
        retry_after: int,
        *,
        method: str | None = None,
        chat_id: int | str | None = None,
        times: int | None = 1,
    ) -> Fault:
        """429 with `retry_after`."""
        return self.refuse(too_many(retry_after), method=method, chat_id=chat_id, times=times)

    def forbidden(
        self,
        reason: str = "bot was blocked by the user",
        *,
        method: str | None = None,
        chat_id: int | str | None = None,
        times: int | None = 1,
    ) -> Fault:
        """403."""
        return self.refuse(forbidden(reason), method=method, chat_id=chat_id, times=times)

    def bad_request(
        self,
        reason: str,
        *,
        method: str | None = None,
        chat_id: int | str | None = None,
        times: int | None = 1,
    ) -> Fault:
        """400 with this reason."""
        return self.refuse(bad_request(reason), method=method, chat_id=chat_id, times=times)

    def migrate(
        self,
        to_chat_id: int,
        *,
        method: str | None = None,
        chat_id: int | str | None = None,
        times: int | None = 1,
    ) -> Fault:
        """400 with `migrate_to_chat_id`."""
        return self.refuse(migrated(to_chat_id), method=method, chat_id=chat_id, times=times)

    def bad_gateway(
        self, *, method: str | None = None, chat_id: int | str | None = None, times: int | None = 1
    ) -> Fault:
        """502 with an HTML page."""
        return self.add(Fault("page", method=method, chat_id=chat_id, times=times))

    def drop(self, *, method: str | None = None, chat_id: int | str | None = None, times: int | None = 1) -> Fault:
        """Nothing is done and the socket is aborted."""
        return self.add(Fault("drop", method=method, chat_id=chat_id, times=times))

    def delay(
        self,
        seconds: float,
        *,
        method: str | None = None,
        chat_id: int | str | None = None,
        times: int | None = 1,
    ) -> Fault:
        """The call is done and answered so much later, even if the client has gone by then."""
        return self.add(Fault("delay", None, seconds, method, chat_id, times))

    def deliver_then_drop(
        self, *, method: str | None = None, chat_id: int | str | None = None, times: int | None = 1
    ) -> Fault:
        """The call is done, and its answer lost with the socket."""
        return self.add(Fault("lose", method=method, chat_id=chat_id, times=times))

    def deliver_then_stall(
        self,
        seconds: float = 3600.0,
        *,
        method: str | None = None,
        chat_id: int | str | None = None,
        times: int | None = 1,
    ) -> Fault:
        """The call is done, and its answer comes after so many seconds."""
        return self.add(Fault("stall", None, seconds, method, chat_id, times))
