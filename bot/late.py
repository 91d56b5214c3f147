"""After an outage not a flood but a list: alerts too old to be sent one by one become one message for each chat."""

from html import unescape

from bot.plain import MAX_UNITS, units
from bot.store import Store
from watchlists.i18n import ngettext, speaking

MAX_LISTED = 90  # headlines in one message: Telegram takes 100 links and other marked parts


def expire(store: Store) -> None:
    """Alerts whose time is over are due in summaries; a message that tells of no alert is listed by its text."""
    found = store.outbox.expire()
    languages = store.chats.languages(found) if found else {}
    for chat_id, expired in found.items():
        row_ids = store.kept.take_back(expired)
        if not row_ids:
            continue
        message_id = store.late.list_up(chat_id, row_ids)
        headlines = store.late.headlines(message_id, MAX_LISTED)
        with speaking(languages[chat_id]):
            store.late.write(message_id, _render(store.late.count(message_id), headlines))


def _render(count: int, headlines: list[str]) -> str:
    """At most 4096 units after parsing; how many are left out is said."""
    lines = [
        ngettext(
            "<b>{n} alert came too late to send one by one</b>",
            "<b>{n} alerts came too late to send one by one</b>",
            count,
        )
    ]
    room = MAX_UNITS - 100
    for headline in headlines:
        line = "• " + headline.replace("<b>", "").replace("</b>", "")
        room -= units(unescape(line)) + 1
        if room < 0:
            break
        lines.append(line)
    left_out = count - (len(lines) - 1)
    return "\n".join([*lines, ngettext("… and {n} more", "… and {n} more", left_out)] if left_out else lines)
