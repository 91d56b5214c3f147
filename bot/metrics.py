"""What monitoring reads: counted where it happens, in the form of Prometheus.

Counters begin at 0 with each start, as theirs do; what stands in the database is read when it is asked for
(`bot/monitor.py`). Nothing here names a person, a chat or a watch.
"""

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.process_collector import ProcessCollector

from bot.clock import to_epoch
from bot.outcomes import Outcome
from bot.store.gauges import Sample, Way

DAY = 86_400
BUCKETS = (10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, DAY)  # seconds
KILLED = frozenset({"timeout", "memory", "crash"})  # kinds of `ParseError` that end a child
_NOT_DECISIONS = {"new", "edits"}


class Metrics:
    """All figures of one program. Each has its help, which is what dashboards show."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)  # memory, open files, CPU: where the system tells
        Info("wirewatch", "The version of the program", registry=registry).info({"version": version("wirewatch")})

        def counter(name: str, help: str, *labels: str) -> Counter:
            return Counter(f"wirewatch_{name}", help, labels, registry=registry)

        def seconds(name: str, help: str) -> Histogram:
            return Histogram(f"wirewatch_{name}_seconds", help, buckets=BUCKETS, registry=registry)

        self._polls = counter("polls", "Polls of feeds, by what came of them", "result")
        self._poll_errors = counter("poll_errors", "Polls that went wrong, by the kind of error", "kind")
        self._parser_kills = counter("parser_kills", "Feeds that ended the process which read them")
        self._items = counter("items", "New items")
        self._matches = counter("matches", "Watches of chats that new items hit, by what was decided", "decision")
        self._deliveries = counter(
            "deliveries", "Calls that were to bring an alert, an edit or another message, by outcome", "kind", "outcome"
        )
        self._updates = counter("updates", "Updates of Telegram that were handled, by how that ended", "state")
        self._job_errors = counter("errors", "Errors of the program itself, by where they ended", "where")
        self._published_to_sent = seconds("published_to_sent", "From an item's own date to its alert on Telegram")
        self._seen_to_sent = seconds("seen_to_sent", "From when an item was first seen to its alert on Telegram")

        self._read_when_asked(registry)

    def _read_when_asked(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, help: str, *labels: str) -> Gauge:
            return Gauge(f"wirewatch_{name}", help, labels, registry=registry)

        self._messages = gauge("messages", "Messages that were ever enqueued, by the state they are in", "state")
        self._backlog = gauge("backlog", "Messages that wait: now, for their time, for a chat left alone", "why")
        self._backlog_age = gauge("backlog_age_seconds", "How long the first message that may go now has waited")
        self._poll_delay = gauge("poll_delay_seconds", "How long the first feed in good standing is overdue")
        self._inbox_age = gauge("inbox_age_seconds", "How long the first update that is not handled yet has waited")
        self._silence = gauge("feed_silence_seconds", "How long ago the last feed answered or was pushed")
        self._alerts = gauge("alerts", "Alerts on their way: queued, sending, or kept for a summary or digest", "state")
        self._feeds = gauge("feeds", "Feeds, by how they fare", "state")
        self._chats = gauge("chats", "Chats that can be reached")
        self._watches = gauge("watches", "Watches")
        self._loop_age = gauge("loop_age_seconds", "How long ago each loop last got round", "loop")
        self._database = gauge(
            "database_bytes", "Bytes of the database: file, log, and what of the file is free", "part"
        )
        self._backup = gauge("last_backup_timestamp_seconds", "When the newest backup was made; 0: there is none")
        self._disk = gauge("disk_free_bytes", "Bytes that are free on the disk of the database")

    def polled(self, result: str) -> None:
        """A poll has ended: `new`, `known` (a document without news), `not_modified`, `slow` or `failed`."""
        self._polls.labels(result).inc()

    def poll_failed(self, kind: str, *, parsing: bool) -> None:
        """A poll went wrong; `kind` is that of the `FetchError` or, when `parsing`, of the `ParseError`."""
        self._polls.labels("failed").inc()
        self._poll_errors.labels(f"parse_{kind}" if parsing else kind).inc()
        if parsing and kind in KILLED:
            self._parser_kills.inc()

    def ingested(self, counts: Mapping[str, int]) -> None:
        """What a document brought, as `bot.ingest` counts it."""
        self._items.inc(counts.get("new", 0))
        for name in counts.keys() - _NOT_DECISIONS:
            self._matches.labels(name.lower()).inc(counts[name])

    def delivered(self, kind: str, outcome: Outcome, way: Way | None) -> None:
        """A call to Telegram has ended; `kind` is that of the delivery, `way` that of an alert that has arrived."""
        self._deliveries.labels(kind, type(outcome).__name__).inc()
        if way:
            self._seen_to_sent.observe(max(0.0, way.since_seen))
            if way.since_published is not None:
                self._published_to_sent.observe(max(0.0, way.since_published))

    def handled(self, state: str) -> None:
        """An update has ended: `done`, `skipped` or `failed`."""
        self._updates.labels(state).inc()

    def backed_up(self, when: datetime) -> None:
        """The newest backup is of then."""
        self._backup.set(to_epoch(when))

    def own_error(self, where: str) -> None:
        """Something of ours went wrong, at this boundary."""
        self._job_errors.labels(where).inc()

    def text(self, sample: Sample, ages: Mapping[str, float]) -> bytes:
        """All figures now, with what the database and the loops say."""
        for state, count in sample.messages.items():
            self._messages.labels(state).set(count)
        for why, count in sample.backlog.items():
            self._backlog.labels(why).set(count)
        for state, count in sample.feeds.items():
            self._feeds.labels(state).set(count)
        for loop, age in ages.items():
            self._loop_age.labels(loop).set(age)
        for part, size in sample.database.items():
            self._database.labels(part).set(size)
        delays = sample.delays
        self._backlog_age.set(delays.sending)
        self._poll_delay.set(delays.polling)
        self._inbox_age.set(delays.answering)
        self._silence.set(delays.silence)
        for state, count in sample.alerts.items():
            self._alerts.labels(state).set(count)
        self._chats.set(sample.chats)
        self._watches.set(sample.watches)
        self._disk.set(sample.disk_free)
        return generate_latest(self._registry)
