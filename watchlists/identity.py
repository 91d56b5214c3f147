"""Which entry is this? Keys that stay the same however an entry comes back.

An entry is known by its guid, else by its canonical link, else by its content. Two links are one when only
their clothes differ: scheme, `www.`, default port, trailing slash, fragment, order of the query and the
marks that trackers add to it, and the pages made for telephones (hosts `m.`, `mobile.` and `amp.`, AMP pages and
the caches that serve them). A canonical link is for comparing, not for opening: people are given the link that
the feed gave.
"""

import hashlib
import re
from datetime import datetime
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url

from watchlists.text import tokens

# Added by newsletters, social networks, advertisers and feed tools; no site serves another article for them.
_TRACKING_PREFIXES = (
    "utm_",
    "at_",  # Piano Analytics: at_medium, at_campaign, … (BBC and others)
    "ns_",  # Comscore
    "pk_",
    "piwik_",
    "mtm_",
    "matomo_",
    "hsa_",
    "_hs",
    "oly_",
    "vero_",
    "guce_",
    "ga_",
    "__cft__",
    "__tn__",
)
_TRACKING_NAMES = """
    _ga _gl _openstat __twitter_impression action_object_map cmp cmpid cx_testid cx_testvariant dclid
    dlvrit fb_action_ids fb_action_types fb_ref fb_source fbclid feedname feedtype ftag ftcamp gaa_at
    gaa_n gaa_sig gaa_ts gbraid gclid gclsrc guccounter hootpostid icid igsh igshid int_cmp int_source
    intcmp ito leadsource li_fat_id mbid mc_cid mc_eid mibextid mkt_tok msclkid ncid nsukey oc ocid
    partner ref ref_src ref_url referer referrer s_cid sc_campaign sc_channel share_id smid smtyp soc_src
    soc_trk spm sr_share sref taid tpcc traffic_source trk ttclid twclid wbraid wickedid wt.mc_id wt_mc
    xtor xtref yclid ysclid
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
_DEFAULT_PORTS = (":80", ":443")
_FOR_TELEPHONES = ("m.", "mobile.", "amp.")
# What names an AMP page behind the address of the article; `/amp` alone may be a page about amplifiers.
_AMP_PATH = re.compile(r"^([^/]+/.*[^/])(?:/amp|\.amp)(?=$|\.html$)")
_AMP_QUERY = frozenset({"amp=", "amp=1", "amp=true", "outputtype=amp", "output=amp"})
# Caches of AMP pages: the address of the page, without its scheme, stands behind these. `s` says https.
_CACHE = re.compile(r"^(?:google\.[a-z.]+/amp|(?:[a-z0-9-]+\.)?cdn\.ampproject\.org/[cv])/(?:s/)?(?=[^/]+\.)")
_PASSES = 4
_KEY_BYTES = 16  # 128 bits: no two of a billion entries share a key by chance


def canonical_link(url: str) -> str:
    """The form of `url` that equal links share. Never raises: what is no web link comes back stripped.

    Links of Google News come back as they are: they name the article only to Google, and what looks like a
    mark of tracking in them belongs to the redirect.
    """
    url = url.strip()
    for _ in range(_PASSES):  # what is odd enough (`http://0/;\\`) changes once more when it is read again
        once = _canonical(url)
        if once == url:
            break
        url = once
    return url


def _canonical(url: str) -> str:
    try:
        scheme, netloc, path, query, _ = urlsplit(canonicalize_url(url))
    except ValueError:  # includes UnicodeError: a lone surrogate; a port or an IPv6 address that is none
        return url
    is_web = scheme in ("http", "https") and netloc and netloc.isprintable() and " " not in netloc
    if not is_web or _is_google_news(netloc, path):
        return url
    kept = "&".join(pair for pair in query.split("&") if pair and not _is_tracking(pair))
    place = _bare_authority(netloc) + path.rstrip("/")
    page = _AMP_PATH.sub(r"\1", _CACHE.sub("", place))
    return f"https://{page}{'?' if kept else ''}{kept}"


def article_link(url: str) -> str:
    """The canonical link of an article; empty for what is no web link, and for a home page, which shows many."""
    link = canonical_link(url)
    scheme, web, place = link.partition("://")
    return link if web and scheme == "https" and ("/" in place or "?" in place) else ""


def site(url: str) -> str:
    """The host of a link as a reader knows it, without `www.`, `m.` or `amp.`; empty for no web link."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
    return _bare_host(host)


def is_same_headline(one: str, other: str) -> bool:
    """Whether one headline is the other with an edit: at least half of the words of the longer are in both."""
    first, second = ({token.text for token in tokens(title)} for title in (one, other))
    return one == other or 2 * len(first & second) >= max(len(first), len(second)) > 0


def item_key(guid: str, link: str, title: str, summary: str, published: datetime | None) -> str:
    """A stable key, in hex, of an entry within its feed: its guid, else its canonical link, else its content.

    A guid is opaque (RSS 2.0, RFC 4287 §4.2.6): compared letter by letter, even where it looks like a link.
    """
    if guid.strip():
        parts = ["guid", guid.strip()]
    elif link.strip():
        parts = ["link", canonical_link(link)]
    else:
        parts = ["content", title, summary, published.isoformat() if published else ""]
    # A length before each part, so that no two lists of parts read the same.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).hexdigest()


def _is_google_news(netloc: str, path: str) -> bool:
    return netloc == "news.google.com" and path.startswith(("/rss/articles/", "/articles/", "/read/", "/__i/rss/"))


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return pair.lower() in _AMP_QUERY or name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _bare_authority(netloc: str) -> str:
    """`netloc` without the default port, and without what stands before the name of the site."""
    user, at, host = netloc.rpartition("@")
    for port in _DEFAULT_PORTS:
        host = host.removesuffix(port)
    return user + at + _bare_host(host)


def _bare_host(host: str) -> str:
    """A host without `www.` and the prefixes of pages for telephones; a name of two labels is whole."""
    for prefix in ("www.", *_FOR_TELEPHONES):
        if host.startswith(prefix) and "." in host[len(prefix) :]:
            return _bare_host(host[len(prefix) :])
    return host.replace(".m.", ".", 1) if host.endswith(".m.wikipedia.org") else host
