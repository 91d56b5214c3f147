"""The marked parts of a message: those that the sender asked for, and those that Telegram finds by itself.

Offsets and lengths count UTF-16 code units, as everywhere in the Bot API.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TLDS = "com|org|net|info|io|me|ru|ua|uk|de|fr|es|us|eu|news|tv|gov|edu|dev|app|example"
_LINK = rf"(?:https?|tg|ton)://[^\s<>\"«»]+|(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:{_TLDS})(?![\w-])(?:[/?#][^\s<>\"«»]*)?"
# Order matters: what is found first keeps its place.
_FOUND = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w", re.ASCII)),
    ("url", re.compile(_LINK, re.IGNORECASE)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{4,32}(?!\w)")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?!\w)")),
)
_TRAILING = ".,:;!?'\")]}…"
_VERBATIM = ("pre", "code", "text_link", "text_mention")


def utf16(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) + sum(1 for char in text if char > "\uffff")


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked part. `url` belongs to `text_link`, `language` to `pre`, `user_id` to `text_mention`."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    user_id: int = 0

    @property
    def end(self) -> int:
        """The first code unit behind the part."""
        return self.offset + self.length

    def to_json(self) -> dict[str, object]:
        """As `MessageEntity`; a text mention names its user by id and nothing else that could grow stale."""
        body: dict[str, object] = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url:
            body["url"] = self.url
        if self.language:
            body["language"] = self.language
        if self.user_id:
            body["user"] = {"id": self.user_id, "is_bot": False, "first_name": str(self.user_id)}
        return body


def piece(text: str, entity: Entity) -> str:
    """The words that an entity marks."""
    units = text.encode("utf-16-le")
    return units[2 * entity.offset : 2 * entity.end].decode("utf-16-le")


def detect(text: str, explicit: Iterable[Entity] = ()) -> list[Entity]:
    """What Telegram marks unasked: links, mentions, commands, tags; never inside code or another link."""
    taken = [(part.offset, part.end) for part in explicit if part.type in _VERBATIM]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            words = match.group().rstrip(_TRAILING) if kind == "url" else match.group()
            start = utf16(text[: match.start()])
            end = start + utf16(words)
            if all(end <= left or right <= start for left, right in taken):
                taken.append((start, end))
                found.append(Entity(kind, start, end - start))
    return found


def in_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """As Telegram lists them: by place, the outer before the inner."""
    return tuple(sorted(entities, key=lambda part: (part.offset, -part.length)))
