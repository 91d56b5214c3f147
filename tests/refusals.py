"""What files that cannot be used are told."""

import pytest

from watchlists.errors import ListError


def refusal(read, text: str) -> str:
    """The one sentence with which `read` refuses a text: it names the file."""
    with pytest.raises(ListError) as caught:
        read(text, "mine.toml")
    message = str(caught.value)
    assert message.startswith("mine.toml ")
    assert message.endswith(".")
    assert "\n" not in message
    return message
