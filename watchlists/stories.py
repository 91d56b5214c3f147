"""Which items tell the same story.

    item ─read→ headline ─weigh→ words with weights ─→ stories that share rare ones ─compare→ the likeliest ─→ Join

Items come one by one; each joins a story that opened in the last 72 hours or opens one, for good. The same items in the
same order give the same stories. A story is compared by the headlines of its own items, each by itself (`likeness`),
and by how they do on average: so that no chain of items, each like the one before, leads from one event to another.

How telling a word is depends on how many living stories have it, set off with its frequency in general use: in a week
of war *Ukraine* tells little, while a name that 60 items of one story share still tells all.
"""

from array import array
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import takewhile
from math import exp, log, sqrt

from watchlists import likeness, storywords
from watchlists.likeness import KIND, Member, Told
from watchlists.model import Item
from watchlists.storywords import NAMES, NUMBER, Headline, Word

LIFE = timedelta(hours=72)
_LIFE = LIFE / timedelta(hours=1)
# All figures below were fitted on judged pairs of headlines of one window of days and tried on others.
_LEAST = -0.1  # of what a join has to reach, where 0 is as likely the same story as not
_CLOSEST = 3  # items of a story that count as much as all of them together
_TOGETHER = 2.5  # for a headline all of whose words the items of a story have, but none of them alone
_WORTH_A_LOOK = _LEAST - _TOGETHER
_GENERAL = 1_500  # general use counts like this many stories
_RAREST = 1 / 10_000  # a share of stories below which rarer is no more telling: however many stories there are
_MEMBERS = 16  # items by which a story is compared: the first, and the newest
_TRIED = 24  # stories that are compared with an item
_LOOKED_AT = 8_000  # entries of the index that are looked at for an item


@dataclass(frozen=True, slots=True)
class Join:
    """The story that an item belongs to: how likely, 0–100, and why.

    `names`, `numbers` and `words` are what it shares with the closest item of the story, the most telling first, as
    its own headline has them; `link` says that it is the very article.
    """

    story_id: int
    score: int
    link: bool = False
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def evidence(self) -> str:
        """Why, in plain words: “same names: Najib; same words: jailed, trial”."""
        shared = (("names", self.names), ("numbers", self.numbers), ("words", self.words))
        said = ["same link"] if self.link else []
        said += [f"same {kind}: {', '.join(found)}" for kind, found in shared if found]
        return "; ".join(said)


class _Story:
    """What is kept of a story: its items' words and links, when it opened, and when the first of each series came."""

    __slots__ = ("links", "members", "opened", "series")

    def __init__(self, opened: float) -> None:
        self.members: list[Member] = []
        self.links: tuple[str, ...] = ()
        self.opened = opened
        self.series: tuple[tuple[str, float], ...] = ()


class StoryIndex:
    """The living stories. The caller gives the ids of stories; times are aware.

    Keep it in step with what is stored: `add` what was stored, make it anew when that was taken back. `link` is the
    canonical link of an item's article, and empty where the item's link is not its own (`identity.article_link`).
    """

    def __init__(self) -> None:
        self._stories: dict[int, _Story] = {}  # in the order in which they opened
        self._filed: dict[str, list[int]] = {}  # key of a word → the stories that have it
        self._links: dict[str, int] = {}
        self._kept: dict[str, str] = {"": ""}  # each key once, however many headlines have it
        self._sources: dict[str, str] = {}  # likewise

    def __len__(self) -> int:
        return len(self._stories)

    def find(self, item: Item, link: str, at: datetime) -> Join | None:
        """The story that an item first seen at this time joins; None: it tells a new one. Changes nothing."""
        told = self._told(item, at)
        linked = self._links.get(link)
        if linked is not None:
            return Join(linked, 100, link=True)
        if likeness.says_too_little(told):
            return None
        best, found = _LEAST, None
        for story_id in self._candidates(told):
            story = self._stories[story_id]
            if not _is_later_of_series(story, told.member):
                score = _score(story, told)
                if score > best:
                    best, found = score, story_id
        return None if found is None else self._join(found, best, told, storywords.read(item))

    def add(self, item: Item, link: str, story_id: int, at: datetime) -> None:
        """The item tells this story."""
        member = self._kept_once(self._told(item, at).member)
        story = self._stories.setdefault(story_id, _Story(_hours(at)))
        self._file(story_id, story, member)
        story.members.append(member)
        if member.series and member.series not in dict(story.series):
            story.series += ((member.series, member.when),)
        if link and link not in self._links:
            self._links[link] = story_id
            story.links += (link,)
        if len(story.members) > _MEMBERS:
            self._unfile(story_id, story, story.members.pop(1))

    def expire(self, before: datetime) -> None:
        """Forget the stories that opened before this time.

        A story ends however often it is told: a link or headline that never changes would keep it for ever.
        """
        limit = _hours(before)
        over = list(takewhile(lambda story_id: self._stories[story_id].opened < limit, self._stories))
        for story_id in over:
            story = self._stories.pop(story_id)
            for link in story.links:
                del self._links[link]
            while story.members:
                self._unfile(story_id, story, story.members.pop())

    def _told(self, item: Item, at: datetime) -> Told:
        """The headline of an item as it is compared, its words weighed by what is known now."""
        headline = storywords.read(item)
        bits = {word.key: self._bits(word) for word in headline.words}
        vector = dict(bits)
        for word in headline.words:
            for kind in word.kinds:
                vector[kind] = max(vector.get(kind, 0.0), KIND * bits[word.key])
        norm = sqrt(sum([weight * weight for weight in vector.values()])) or 1.0
        weights = array("f", [weight / norm for weight in vector.values()])
        seen = _hours(at)
        # A date long before it was seen is that of an old article, or wrong: it counts as old as a story can be.
        when = min(max(_hours(item.published), seen - _LIFE), seen) if item.published else seen
        keys, lead = tuple(vector), headline.lead
        member = Member(keys, weights, len(bits), when, item.source, lead, headline.dates, headline.series)
        return Told(member, bits, dict(zip(keys, weights, strict=True)))

    def _kept_once(self, member: Member) -> Member:
        """The member with each text that others have too only once in memory."""
        keys, weights, told, when, source, lead, dates, series = member
        once = self._kept.setdefault
        keys = tuple([once(key, key) for key in keys])
        return Member(
            keys, weights, told, when, self._sources.setdefault(source, source), once(lead, lead), dates, series
        )

    def _bits(self, word: Word) -> float:
        """How telling a word is: minus the logarithm of the share of stories that have it."""
        have = len(self._filed.get(word.key, ())) + _GENERAL * word.share + 0.5
        return -log(max(have / (len(self._stories) + _GENERAL + 1), _RAREST))

    def _candidates(self, told: Told) -> list[int]:
        """The stories with the most of its telling words, which are looked up from the rarest on."""
        reached: dict[int, float] = {}
        left = _LOOKED_AT
        for key in sorted(told.vector, key=lambda key: len(self._filed.get(key, ()))):
            filed = self._filed.get(key, [])[-left:]  # of what too many have, the newest
            square = told.vector[key] ** 2
            for story_id in filed:
                reached[story_id] = reached.get(story_id, 0.0) + square
            left -= len(filed)
            if not left:
                break
        return nlargest(_TRIED, reached, key=lambda story_id: (reached[story_id], story_id))

    def _join(self, story_id: int, score: float, told: Told, headline: Headline) -> Join:
        members = self._stories[story_id].members
        closest = max(members, key=lambda member: likeness.likeness(told, member)).keys
        shared = [word for word in headline.words if word.key in closest]
        shared.sort(key=lambda word: -told.bits[word.key])
        return Join(
            story_id,
            min(99, round(100 / (1 + exp(-score)))),
            names=tuple(word.shown for word in shared if word.key[0] in NAMES),
            numbers=tuple(word.shown for word in shared if word.key[0] == NUMBER),
            words=tuple(word.shown for word in shared if word.key[0] not in (*NAMES, NUMBER)),
        )

    def _file(self, story_id: int, story: _Story, member: Member) -> None:
        """Files a story under the words of a member to come that no other member has."""
        for key in member.keys:
            if not any(key in other.keys for other in story.members):
                self._filed.setdefault(key, []).append(story_id)

    def _unfile(self, story_id: int, story: _Story, member: Member) -> None:
        """Undoes `_file` for a member that is gone."""
        for key in member.keys:
            if not any(key in other.keys for other in story.members):
                filed = self._filed[key]
                filed.remove(story_id)
                if not filed:
                    del self._filed[key], self._kept[key]


def _score(story: _Story, told: Told) -> float:
    """The mean likeness of a headline to all members of a story and to those closest to it, and what words they add."""
    members = story.members
    each = [likeness.likeness(told, member) for member in members]
    closest = nlargest(_CLOSEST, each)
    score = (sum(each) / len(each) + sum(closest) / len(closest)) / 2
    if len(members) < _CLOSEST or score < _WORTH_A_LOOK:
        return score
    # Never summed up in the order of a set: that differs from run to run, and so would the last digit.
    by_one = max(sum([bits for key, bits in told.bits.items() if key in member.keys]) for member in members)
    said = {key for member in members for key in member.keys}
    by_all = sum([bits for key, bits in told.bits.items() if key in said])
    return score + _TOGETHER * (by_all - by_one) / sum(told.bits.values())


def _is_later_of_series(story: _Story, member: Member) -> bool:
    """Whether both have items of a series that are hours apart: yesterday's briefing and today's."""
    first = dict(story.series).get(member.series)
    return first is not None and abs(first - member.when) >= likeness.APART


def _hours(moment: datetime) -> float:
    return moment.timestamp() / 3600
