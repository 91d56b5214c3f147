"""What a person types where a feed is wanted → the addresses to look at, the likeliest first.

Nothing here is stored on a guess: each address is fetched, and only what turns out to be a feed is kept.
"""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlsplit

MAX_ADDRESS = 2_048
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"^feed:(?://)?", re.IGNORECASE)  # of links that mean "subscribe", before an address
_AROUND = '<>"“”„«»,;'  # quotes and punctuation that come along when an address is copied
_FEDIVERSE = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)")  # @user@host, as profiles write it
_SUBREDDIT = re.compile(r"/?(r|u|user)/([\w-]+)/?")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}\.?|\d+(?:\.\d+){3}|[0-9a-f]*:[0-9a-f:.]+|localhost")
# Where sites keep their feed when no page names it; in the order of how often it is so.
_USUAL = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss")


def starts(typed: str) -> tuple[str, ...]:
    """The addresses to look at, in order; empty where `typed` is no address at all.

    Derived feeds come before the page itself. Without a scheme https is tried first, then http.
    """
    text = _FEED_SCHEME.sub("", typed.strip().strip(_AROUND), count=1)
    if len(text) > MAX_ADDRESS or not text or text.split() != [text]:
        return ()
    profile = _FEDIVERSE.fullmatch(text)
    if profile:
        return (f"https://{profile[2]}/@{profile[1]}.rss",)
    group = _SUBREDDIT.fullmatch(text)
    if group:
        text = f"https://www.reddit.com/{group[1]}/{group[2]}"
    pages = [text] if _SCHEME.match(text) else [f"https://{text}", f"http://{text}"]
    if not all(map(_is_web, pages)):
        return ()
    return tuple(dict.fromkeys([*derived(pages[0]), *pages]))


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(_HOST.fullmatch(parts.hostname or ""))


def usual_places(url: str) -> tuple[str, ...]:
    """Where a feed may be on the site of a page that names none: below the page first, then at the root."""
    parts = urlsplit(url)
    root, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    below = [f"{root}{path}/feed"] if path else []
    return tuple(below + [root + usual for usual in _USUAL])


def derived(url: str) -> tuple[str, ...]:
    """The feeds that a page of a well-known service has by the service's own rule; empty elsewhere."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    segments = [segment for segment in parts.path.split("/") if segment]
    for name, rule in _RULES.items():
        if host == name or (name.startswith(".") and host.endswith(name)):
            found = rule(parts, segments)
            return (found,) if found else ()
    if len(segments) == 1 and re.fullmatch(r"@[\w.-]+(?:@[\w.-]+)?", segments[0]) and not url.endswith(".rss"):
        return (f"{parts.scheme}://{parts.netloc}/{segments[0]}.rss",)  # Mastodon and those who speak as it does
    return ()


# One rule for each service: the address and its path → the address of its feed, or "". Sources: the services'
# own help pages and the <link rel="alternate"> of their pages.


def _youtube(parts: SplitResult, segments: list[str]) -> str:
    base = "https://www.youtube.com/feeds/videos.xml"
    listed = parse_qs(parts.query).get("list", [""])[0]
    if segments[:1] == ["playlist"] and re.fullmatch(r"[\w-]+", listed):
        return f"{base}?playlist_id={listed}"
    if len(segments) >= 2 and segments[0] == "channel":
        return f"{base}?channel_id={segments[1]}"
    if len(segments) >= 2 and segments[0] == "user":
        return f"{base}?user={segments[1]}"
    return ""  # @handle and /c/name: the page names its feed


def _reddit(parts: SplitResult, segments: list[str]) -> str:
    if len(segments) < 2 or segments[0] not in ("r", "u", "user") or segments[-1].startswith(".rss"):
        return ""
    query = f"?{parts.query}" if parts.query else ""
    kind = "r" if segments[0] == "r" else "user"
    return f"https://www.reddit.com/{'/'.join([kind, *segments[1:]])}/.rss{query}"


def _medium(parts: SplitResult, segments: list[str]) -> str:
    return f"https://medium.com/feed/{segments[0]}" if segments and segments[0] != "feed" else ""


def _github(parts: SplitResult, segments: list[str]) -> str:
    if len(segments) < 2 or segments[-1].endswith(".atom"):
        return ""
    kind = segments[2] if len(segments) > 2 and segments[2] in ("tags", "commits") else "releases"
    return f"https://github.com/{segments[0]}/{segments[1]}/{kind}.atom"


def _bluesky(parts: SplitResult, segments: list[str]) -> str:
    return f"https://bsky.app/profile/{segments[1]}/rss" if segments[:1] == ["profile"] and len(segments) == 2 else ""


def _below_root(path: str) -> Callable[[SplitResult, list[str]], str]:
    """The rule of services whose sites have their feed at one place; a page that is a feed already has none."""

    def rule(parts: SplitResult, _segments: list[str]) -> str:
        return "" if parts.path.startswith(path) else f"{parts.scheme}://{parts.netloc}{path}"

    return rule


_RULES: dict[str, Callable[[SplitResult, list[str]], str]] = {
    "youtube.com": _youtube,
    "reddit.com": _reddit,
    "old.reddit.com": _reddit,
    "medium.com": _medium,
    "github.com": _github,
    "bsky.app": _bluesky,
    ".substack.com": _below_root("/feed"),
    ".medium.com": _below_root("/feed"),
    ".tumblr.com": _below_root("/rss"),
    ".blogspot.com": _below_root("/feeds/posts/default"),
    ".wordpress.com": _below_root("/feed/"),
}
