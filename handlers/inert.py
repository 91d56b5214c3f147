"""Text of strangers (headlines, names of feeds) that must stay text when Telegram shows it."""

import re

# What begins a command, a mention, a hashtag or a cashtag, or a link into Telegram itself. The sign at the end
# counts too: the text may be followed by a bold word.
_LIVE = re.compile(r"(?:(?<![\w/])/|(?<!\w)[@#$])(?=\w|\Z)|(?<!\w)(?:tg|ton|tonsite):(?=//)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def inert(text: str) -> str:
    """`text` with an invisible joiner behind each sign that Telegram would make something to tap of."""
    return _LIVE.sub(rf"\g<0>{_WORD_JOINER}", text)
