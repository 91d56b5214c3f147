"""A watchlist as a TOML file, read and written: what was written is read the same.

    slug = "ferries"
    title = "Ferries"                # or a table [title] with en = "Ferries", uk = "Пороми"
    description = "…"                # likewise
    tags = ["sea"]
    aliases = ["boats"]              # further slugs
    visibility = "public"            # or unlisted, private
    [[watches]]
    query = "ferry strike"
    note = "Crews and operators."
    level = "urgent"                 # or silent; normal otherwise
    digest = "hourly"                # off: at once; otherwise as each follower has it

A file is taken whole or not at all: every fault in it is reported in one `ListError`, each with its place. It is our
own form, so an unknown key in it is a slip of the pen and is refused.
"""

import re
from collections.abc import Iterator

from watchlists import hours
from watchlists.errors import QueryError, WirewatchError
from watchlists.fields import quoted_text, refuse, tags_of, text_of, toml_of, unknown
from watchlists.i18n import _
from watchlists.lists import MAX_LISTED, MAX_SLUG, SLUG, VISIBILITIES, ListedWatch, Texts, Visibility, Watchlist, texts
from watchlists.model import LEVELS
from watchlists.query import parse

MOST = {"title": 100, "description": 600, "note": 200}  # characters
MAX_NAMES = 20  # tags, and aliases
_TOP = ("slug", "title", "description", "tags", "aliases", "visibility", "watches")
_WATCH = ("query", "note", "level", "digest")


def parse_watchlist(text: str, name: str) -> Watchlist:
    """A watchlist from its TOML, each query checked; `name` is how messages call the file."""
    document = toml_of(text.removeprefix("\ufeff"), name)
    faults = [unknown(key, _TOP) for key in document if key not in _TOP]
    place = _("the list")
    slug = text_of(document, ("slug",), place, faults, required=True)
    found = Watchlist(
        slug,
        _texts(document, "title", faults),
        _texts(document, "description", faults),
        _few(tags_of(document.get("tags", []), place, faults), "tags", faults),
        _watches(document.get("watches"), faults),
        _few(tags_of(document.get("aliases", []), place, faults), "aliases", faults),
        _visibility(document, faults),
    )
    faults += [fault for fault in map(slug_fault, (slug, *found.aliases)) if fault]
    if not found.title.said:
        faults.append(_("{place} has no {key}").format(place=place, key="title"))
    refuse(name, faults)
    return found


def slug_fault(slug: str) -> str:
    """What is wrong with a slug, in words; empty for nothing, or for none."""
    if not slug or (re.fullmatch(SLUG, slug) and len(slug) <= MAX_SLUG):
        return ""
    message = _("the slug {slug} should be at most {most} small letters and digits, joined by hyphens")
    return message.format(slug=repr(slug[:80]), most=MAX_SLUG)


def is_watchlist(text: str) -> bool:
    """Whether a file seems to be a watchlist, and not a chat's own watches: it has a slug."""
    return bool(re.search(r"^\s*slug\s*=", text, re.MULTILINE))


def write_watchlist(found: Watchlist) -> str:
    """The file."""
    lines = [f"slug = {quoted_text(found.slug)}"]
    lines += [f"{name} = {quoted_text(text.said[0][1])}" for name, text in _named_texts(found) if _is_english(text)]
    lines += [f"tags = {_list(found.tags)}"] if found.tags else []
    lines += [f"aliases = {_list(found.aliases)}"] if found.aliases else []
    lines += [f"visibility = {quoted_text(found.visibility)}"] if found.visibility != "public" else []
    lines += [] if found.watches else ["watches = []"]
    for name, text in _named_texts(found):
        if text.said and not _is_english(text):
            lines += ["", f"[{name}]", *(f"{code} = {quoted_text(said)}" for code, said in text.said)]
    for watch in found.watches:
        lines += ["", "[[watches]]", *_lines(watch)]
    return "\n".join(lines) + "\n"


def _named_texts(found: Watchlist) -> Iterator[tuple[str, Texts]]:
    yield "title", found.title
    yield "description", found.description


def _is_english(text: Texts) -> bool:
    return [code for code, _said in text.said] == ["en"]


def _lines(watch: ListedWatch) -> Iterator[str]:
    yield f"query = {quoted_text(watch.query.text)}"
    if watch.note:
        yield f"note = {quoted_text(watch.note)}"
    if watch.level != "normal":
        yield f"level = {quoted_text(watch.level)}"
    if watch.digest:
        yield f"digest = {quoted_text(watch.digest)}"


def _list(words: tuple[str, ...]) -> str:
    return f"[{', '.join(map(quoted_text, words))}]"


def _texts(document: dict[str, object], key: str, faults: list[str]) -> Texts:
    """A text, which is English, or a table of texts by their languages."""
    value = document.get(key, "")
    table = value if isinstance(value, dict) else {"en": value}
    found: dict[str, str] = {}
    for code, said in table.items():
        if not isinstance(said, str):
            faults.append(_("{place}: {key} should be text in quotation marks").format(place=_("the list"), key=key))
        elif not re.fullmatch(r"[a-z]{2,3}", code):
            message = _("{place}: the language {language} should be a code such as en or uk")
            faults.append(message.format(place=_("the list"), language=repr(code)))
        else:
            found[code] = _short(" ".join(said.split()), key, _("the list"), faults)
    return texts(found)


def _short(text: str, key: str, place: str, faults: list[str]) -> str:
    if len(text) > MOST[key]:
        message = _("{place}: {key} has more than {most} characters")
        faults.append(message.format(place=place, key=key, most=MOST[key]))
    return text


def _few(words: tuple[str, ...], key: str, faults: list[str]) -> tuple[str, ...]:
    if len(words) > MAX_NAMES or any(len(word) > MAX_SLUG for word in words):
        message = _("{key} should be at most {most} words of at most {length} characters")
        faults.append(message.format(key=key, most=MAX_NAMES, length=MAX_SLUG))
    return words


def _visibility(document: dict[str, object], faults: list[str]) -> Visibility:
    value = document.get("visibility", "public")
    found = next((each for each in VISIBILITIES if each == value), None)
    if found is None:
        faults.append(_("{key} should be one of {known}").format(key="visibility", known=", ".join(VISIBILITIES)))
    return found or "public"


def _watches(value: object, faults: list[str]) -> tuple[ListedWatch, ...]:
    if not isinstance(value, list):
        faults.append(_("it has no watches: write each as a [[watches]] table with a query"))
        return ()
    if len(value) > MAX_LISTED:
        faults.append(_("it has more than {most} watches").format(most=MAX_LISTED))
    watches: list[ListedWatch] = []
    numbers: dict[str, int] = {}
    for number, table in enumerate(value[:MAX_LISTED], start=1):
        watch = _watch(table, _("watch {number}").format(number=number), faults)
        if watch is None:
            continue
        first = numbers.setdefault(watch.query.key, number)
        if first != number:
            message = _("watch {number} ({text}) means the same as watch {first}")
            faults.append(message.format(number=number, text=watch.query.text, first=first))
        watches.append(watch)
    return tuple(watches)


def _watch(value: object, place: str, faults: list[str]) -> ListedWatch | None:
    table = {"query": value} if isinstance(value, str) else value
    if not isinstance(table, dict):
        faults.append(_("{place} should be a table with a query").format(place=place))
        return None
    faults.extend(f"{place}: {unknown(key, _WATCH)}" for key in table if key not in _WATCH)
    note, level, digest = (text_of(table, (key,), place, faults) for key in _WATCH[1:])
    _short(note, "note", place, faults)
    found = next((each for each in LEVELS if each == (level or "normal")), None)
    if found is None:
        faults.append(f"{place}: " + _("{key} should be one of {known}").format(key="level", known=", ".join(LEVELS)))
    text = text_of(table, ("query",), place, faults, required=True)
    if not text:
        return None
    try:
        return ListedWatch(
            parse(text), note, found or "normal", str(hours.read_digest(digest) or "off") if digest else ""
        )
    except QueryError as error:
        message = _("{place} ({text}), at character {position}: {fault}")
        fault = str(error).rstrip(".")
        faults.append(message.format(place=place, text=text, position=error.position + 1, fault=fault))
    except WirewatchError as error:
        faults.append(f"{place}: {str(error).rstrip('.')}")
    return None
