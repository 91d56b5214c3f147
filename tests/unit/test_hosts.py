"""Who may be polled beside whom."""

import pytest

from bot.hosts import AT_ONCE, PER_HOST, SLOW_AT_ONCE, Places, host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.example/rss", "news.example:443"),
        ("http://news.example/rss", "news.example:80"),
        ("https://news.example:443/other", "news.example:443"),
        ("http://[::1]:9001/", "[::1]:9001"),
        ("http://[::1", "http://[::1"),
        ("http://a:99999/", "http://a:99999/"),
        ("nonsense", ":0"),
    ],
)
def test_a_host_is_a_name_and_a_port(url: str, host: str) -> None:
    """However the address is written; what cannot be read is by itself."""
    assert host_of(url) == host


def test_a_host_has_two_places_and_the_slow_ones_one_of_them() -> None:
    """Whoever comes first, one place is left to feeds that answer."""
    places = Places()
    assert [places.take("a:80", slow=slow) for slow in (True, True, False, False)] == [True, False, True, False]
    places.give_back("a:80", slow=True)
    assert [places.take("a:80", slow=slow) for slow in (False, True)] == [True, False]
    assert places.take("b:80", slow=True)


def test_the_slow_ones_never_have_all_places() -> None:
    """A quarter of them, be it on a hundred hosts."""
    places = Places()
    assert sum(places.take(f"{number}:80", slow=True) for number in range(100)) == SLOW_AT_ONCE
    assert sum(places.take(f"{number}:80", slow=False) for number in range(100)) == AT_ONCE - SLOW_AT_ONCE
    assert places.full
    places.give_back("0:80", slow=False)
    assert not places.full


def test_the_operators_hosts_are_not_spared() -> None:
    """They may have every place, and leave nothing behind."""
    places = Places({"own:80"})
    assert sum(places.take("own:80", slow=False) for _ in range(100)) == AT_ONCE
    for _ in range(AT_ONCE):
        places.give_back("own:80", slow=False)
    assert sum(places.take("other:80", slow=False) for _ in range(100)) == PER_HOST
