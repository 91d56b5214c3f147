"""The sandbox's time: a clock that can be put forward for everything, and news that run at a speed of their own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock

PAUSED = 0.001  # story seconds a second: nearly still, so that every moment of the story still has one time


class SkippingClock:
    """The machine's clock and all the time that was skipped. Called, it tells the time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.skipped = timedelta()

    def __call__(self) -> datetime:
        return self._clock() + self.skipped

    def skip(self, seconds: float) -> None:
        """From now on it is so much later."""
        self.skipped += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From `began` on the clock and `moment` in the story, the story ran at this speed."""

    began: datetime
    moment: float
    speed: float


class StoryTime:
    """How far the story has come, in seconds after its start. The first `start` begins it."""

    def __init__(self, clock: Clock, speed: float) -> None:
        self._clock = clock
        self._speed = speed
        self._stretches: list[_Stretch] = []

    @property
    def speed(self) -> float:
        """Story seconds a second."""
        return self._speed

    def start(self) -> None:
        """Begins the story; once begun, it goes on."""
        if not self._stretches:
            self._stretches.append(_Stretch(self._clock(), 0.0, self._speed))

    def go_on(self, moment: float, speed: float) -> None:
        """From now on the story runs at this speed, from this moment, which is not before the present one."""
        self._speed = speed
        self._stretches.append(_Stretch(self._clock(), moment, speed))

    def moment(self) -> float:
        """How far it is now; 0 before the start."""
        if not self._stretches:
            return 0.0
        last = self._stretches[-1]
        return last.moment + (self._clock() - last.began).total_seconds() * last.speed

    def time_of(self, moment: float) -> datetime:
        """The clock's time of a moment; what lies before the start was at that many seconds before it."""
        if not self._stretches:
            return self._clock() + timedelta(seconds=moment)
        if moment < 0:
            return self._stretches[0].began + timedelta(seconds=moment)
        stretch = next((it for it in reversed(self._stretches) if it.moment <= moment), self._stretches[0])
        return stretch.began + timedelta(seconds=(moment - stretch.moment) / stretch.speed)
