"""What people call a channel."""

from watchlists.channels import Channel


def test_a_channel_is_called_by_its_user_name_or_its_title():
    """A private one has a title alone."""
    assert Channel(-1, "Wire news", "wirenews").name == "@wirenews"
    assert Channel(-1, "Wire news").name == "Wire news"
