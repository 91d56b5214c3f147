"""Jobs that come round: whose pulse is late, and that the end of the program is no error."""

import asyncio

import pytest

from bot.jobs import SLACK, Job, Pulse, scheduler
from tests.fakes import until


class Watch:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("every", "patience"), [(5.0, SLACK), (600.0, 1800.0)])
def test_a_job_is_late_after_three_rounds_and_two_minutes(every, patience):
    """A frequent one may be held up by a busy disk; one that never came round counts from the start."""
    watch = Watch()
    pulse = Pulse(watch)
    pulse.expect("growing", every)
    watch.now = patience
    assert pulse.late() == {}
    watch.now = patience + 1
    assert pulse.late() == {"growing": patience + 1}
    pulse.beat("growing")
    assert pulse.late() == {}


async def test_a_job_that_fails_does_not_come_round(caplog):
    """It is called again and again, its error is in the log, and its pulse stands still; others go on."""
    watch, pulse, calls = Watch(), Pulse(Watch()), []
    pulse._monotonic = watch

    async def fails() -> None:
        watch.now += 100
        calls.append("fails")
        raise LookupError("a mistake of ours")

    async def works() -> None:
        calls.append("works")

    failures: list[None] = []
    with scheduler([Job("fails", fails, 0.01), Job("works", works, 0.01)], pulse, lambda: failures.append(None)):
        await until(lambda: calls.count("fails") > 3 and calls[-1] == "works")
        assert [*pulse.late()] == ["fails"]
        assert len(failures) >= 3
    assert "a mistake of ours" in caplog.text


async def test_rare_jobs_run_at_once_too(caplog):
    """A program that is restarted each hour prunes; and one that is in the middle at the end is simply stopped."""
    began = asyncio.Event()

    async def long() -> None:
        began.set()
        await asyncio.Event().wait()

    with scheduler([Job("pruning", long, 7200.0)], Pulse()):
        await asyncio.wait_for(began.wait(), 5)
    await asyncio.sleep(0)
    assert "Traceback" not in caplog.text
