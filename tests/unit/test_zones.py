"""Time zones by the names that people write."""

from zoneinfo import ZoneInfo

import pytest

from watchlists import zones
from watchlists.errors import UnknownZone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        (" europe/kyiv ", "Europe/Kyiv"),
        ("kyiv", "Europe/Kyiv"),
        ("New  York", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_city(text, name):
    """Case and spaces do not matter."""
    assert zones.find(text) == name
    assert zones.zone(name) == ZoneInfo(name)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("kiew", "Europe/Kiev"),
        ("berln", "Europe/Berlin"),
        ("xqzt", "like Europe/Kyiv"),
        ("Etc/GMT+5", "like Europe/Kyiv"),  # which is five hours behind
        ("Factory", "like Europe/Kyiv"),
        ("", "like"),
        ("x" * 500, "like"),
    ],
)
def test_an_unknown_zone_is_a_sentence_with_near_names(text, hint):
    """What is wrong, and what it may have been."""
    with pytest.raises(UnknownZone) as error:
        zones.find(text)
    assert hint in str(error.value)
    assert len(str(error.value)) < 200


def test_guesses_begin_with_the_language_and_are_few():
    """A short keyboard; whoever speaks Ukrainian is asked for Kyiv first."""
    assert zones.guesses("uk")[0] == "Europe/Kyiv"
    assert zones.guesses("pt-br")[0] == "America/Sao_Paulo"
    assert len(zones.guesses("es")) == len(zones.guesses("")) == 6


def test_every_zone_on_a_button_exists_once():
    """Buttons carry the place in the list."""
    assert len(set(zones.OFFERED)) == len(zones.OFFERED)
    assert all(zones.find(name) == name for name in zones.OFFERED)
    assert all(set(zones.guesses(language)) <= set(zones.OFFERED) for language in ["", *zones._OF_LANGUAGE])


def test_a_stored_zone_that_is_gone_is_utc():
    """A smaller database of zones must not stop the alerts."""
    assert zones.zone("Atlantis/Centre") == ZoneInfo("UTC")
