"""From what a bot sends to what a person sees: markup read, text cleaned and trimmed, limits checked."""

import re
from dataclasses import dataclass, replace

from bot.sandbox.entities import Entity, detect, in_order, utf16
from bot.sandbox.markup import MarkupError, parse_html
from bot.sandbox.refusals import ApiError, bad_request

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text with its entities, and the source it was made from."""

    text: str
    entities: tuple[Entity, ...]
    source: str
    parse_mode: str


def formatted(source: str, parse_mode: str = "") -> Formatted:
    """Reads a text as Telegram does. Raises ApiError for bad markup and for too many entities."""
    if parse_mode.lower() == "html":
        try:
            text, entities = parse_html(source)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from error
    elif parse_mode:
        raise _unsupported(parse_mode)
    else:
        text, entities = source, []
    if len(entities) > ENTITY_LIMIT:
        raise bad_request("ENTITIES_TOO_LONG")
    entities = _legal(entities)
    text, entities = _trimmed(_CONTROL.sub(" ", text), entities)
    return Formatted(text, in_order([*entities, *detect(text, entities)]), source, parse_mode)


def message_text(source: str, parse_mode: str = "") -> Formatted:
    """The text of a message: 1 to 4096 UTF-16 units after the markup is read."""
    result = formatted(source, parse_mode)
    if not result.text:
        raise bad_request("message text is empty")
    if utf16(result.text) > MESSAGE_LIMIT:
        raise bad_request("message is too long")
    return result


def caption(source: str, parse_mode: str = "") -> Formatted:
    """The text under a picture or a file: at most 1024 UTF-16 units."""
    result = formatted(source, parse_mode)
    if utf16(result.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return result


def _legal(entities: list[Entity]) -> list[Entity]:
    """Code takes no other marks inside it, and a quote no quote: Telegram drops the inner ones."""
    kept = []
    for part in entities:
        around = [it for it in entities if it is not part and it.offset <= part.offset and part.end <= it.end]
        in_code = any(it.type in ("pre", "code") for it in around)
        in_quote = "quote" in part.type and any("quote" in it.type for it in around)
        if not in_code and not in_quote:
            kept.append(part)
    return kept


def _unsupported(parse_mode: str) -> ApiError:
    if parse_mode.lower() in ("markdown", "markdownv2"):
        return bad_request(f"the sandbox reads no {parse_mode}: use HTML")
    return bad_request("unsupported parse_mode")


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Outer white space goes; entities shrink with it, and empty ones vanish."""
    text = text.rstrip()
    cut = utf16(text) - utf16(text.lstrip())
    text = text.lstrip()
    end = utf16(text)
    kept = []
    for part in entities:
        start, stop = max(0, part.offset - cut), min(end, part.end - cut)
        if start < stop:
            kept.append(replace(part, offset=start, length=stop - start))
    return text, kept
