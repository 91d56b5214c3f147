"""The sandbox's time: a clock that can be put forward, and a story that runs at a speed of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.storytime import PAUSED, SkippingClock, StoryTime

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Watch:
    """A clock that stands still until it is told to go on."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def pass_(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def watch():
    return Watch()


def test_a_skipped_hour_is_there_for_good(watch):
    """The clock goes on as before, so much later."""
    clock = SkippingClock(watch)
    clock.skip(3600)
    watch.pass_(5)
    assert clock() == START + timedelta(seconds=3605)


def test_a_story_that_has_not_begun_stands_at_its_beginning(watch):
    """Time before `start` does not count."""
    story = StoryTime(watch, 8)
    watch.pass_(100)
    assert story.moment() == 0
    assert story.time_of(-60) == watch() - timedelta(seconds=60)


@pytest.mark.parametrize("speeds", [(1.0,), (8.0, 1.0), (2.0, PAUSED, 30.0)])
def test_each_moment_has_the_time_at_which_it_was(watch, speeds):
    """Whatever the speeds were: the time of a moment is when the story stood there."""
    story = StoryTime(watch, speeds[0])
    story.start()
    seen = []
    for speed in speeds:
        story.go_on(story.moment(), speed)
        for _ in range(3):
            watch.pass_(7)
            seen.append((story.moment(), watch()))
    for moment, when in seen:
        assert abs(story.time_of(moment) - when) < timedelta(milliseconds=1)
    assert [moment for moment, _ in seen] == sorted(moment for moment, _ in seen)


def test_a_story_started_again_goes_on(watch):
    """A second start begins nothing anew, and what lay before the beginning keeps its age."""
    story = StoryTime(watch, 4)
    story.start()
    watch.pass_(10)
    story.start()
    assert (story.moment(), story.speed) == (40, 4)
    assert story.time_of(-60) == START - timedelta(seconds=60)
