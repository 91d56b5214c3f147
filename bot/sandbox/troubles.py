"""The troubles that the sandbox's page can switch on and off; each is a fault for all calls until it is off."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.updates import Json

_RETRY_AFTER, _SLOW = 5, 3.0  # seconds


@dataclass(frozen=True, slots=True)
class _Trouble:
    label: str
    about: str
    add: Callable[[Faults], Fault]


_TROUBLES = {
    "flood": _Trouble(
        "429 Too Many Requests",
        f"Every call is to be tried again after {_RETRY_AFTER} seconds.",
        lambda faults: faults.too_many(_RETRY_AFTER, times=None),
    ),
    "slow": _Trouble(
        "Slow answers",
        f"Each call is done and answered {_SLOW:.0f} seconds later.",
        lambda faults: faults.delay(_SLOW, times=None),
    ),
    "gateway": _Trouble(
        "502 Bad Gateway",
        "A proxy answers with an HTML page; nothing is done.",
        lambda faults: faults.bad_gateway(times=None),
    ),
    "drop": _Trouble(
        "Connections dropped",
        "The socket is cut before anything is done.",
        lambda faults: faults.drop(times=None),
    ),
    "lost": _Trouble(
        "Lost answer, once",
        "The next message is delivered, and its answer never arrives: it may come twice.",
        lambda faults: faults.deliver_then_drop(method="sendMessage"),
    ),
}


class Troubles:
    """The switches. A fault that has had its calls is off by itself."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._on: dict[str, Fault] = {}

    def switch(self, name: str, on: bool) -> None:
        """Raises LookupError for a trouble that is none."""
        if name not in _TROUBLES:
            raise LookupError(name)
        fault = self._on.pop(name, None)
        if fault is not None:
            self._faults.remove(fault)
        if on:
            self._on[name] = _TROUBLES[name].add(self._faults)

    def to_json(self) -> list[Json]:
        """All switches, in the order they are shown."""
        return [
            {"name": name, "label": trouble.label, "about": trouble.about, "on": self._waits(name)}
            for name, trouble in _TROUBLES.items()
        ]

    def _waits(self, name: str) -> bool:
        return any(fault is self._on.get(name) for fault in self._faults.waiting)
