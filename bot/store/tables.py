"""The tables, one module per noun, bundled as `Store`: everything that one transaction may touch."""

from datetime import datetime
from functools import cached_property

import sqlite_utils

from bot.store.alerts import Alerts
from bot.store.archive import Archive
from bot.store.audit import Audit
from bot.store.bans import Bans
from bot.store.broadcasts import Broadcasts
from bot.store.chat_feeds import ChatFeeds
from bot.store.chats import Chats
from bot.store.drafts import Drafts
from bot.store.failures import Failures
from bot.store.fanout import Fanout
from bot.store.fates import Fates
from bot.store.feeds import Feeds
from bot.store.follows import Follows
from bot.store.forgetting import Forgetting
from bot.store.gauges import Gauges
from bot.store.inbox import Inbox
from bot.store.invites import Invites
from bot.store.items import Items
from bot.store.kept import Kept
from bot.store.links import Links
from bot.store.lists import Lists
from bot.store.lookups import Lookups
from bot.store.menus import Menus
from bot.store.outbox import Outbox
from bot.store.progress import Progress
from bot.store.questions import Questions
from bot.store.recall import Recall
from bot.store.replies import Replies
from bot.store.restored import Restored
from bot.store.retention import Retention
from bot.store.roles import Roles
from bot.store.snoozes import Snoozes
from bot.store.status import Figures
from bot.store.subscriptions import Subscriptions
from bot.store.troubles import Troubles
from bot.store.votes import Votes
from bot.store.watches import Watches


class Store:
    """The tables as one transaction sees them, at one time `now`. `Storage` makes it."""

    def __init__(self, database: sqlite_utils.Database, now: datetime) -> None:
        self._database = database
        self.now = now

    @cached_property
    def feeds(self) -> Feeds:
        """The feeds that are polled."""
        return Feeds(self._database, self.now)

    @cached_property
    def chat_feeds(self) -> ChatFeeds:
        """Which chat gets which feed."""
        return ChatFeeds(self._database, self.now)

    @cached_property
    def trouble(self) -> Troubles:
        """The feeds that do not answer, and what has been said of it."""
        return Troubles(self._database, self.now)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """The feeds that hubs push."""
        return Subscriptions(self._database, self.now)

    @cached_property
    def lookups(self) -> Lookups:
        """What people sent to be looked at: is it a feed?"""
        return Lookups(self._database, self.now)

    @cached_property
    def items(self) -> Items:
        """The items seen, and the stories they belong to."""
        return Items(self._database, self.now)

    @cached_property
    def fates(self) -> Fates:
        """What became of items and alerts on their way to a chat."""
        return Fates(self._database, self.now)

    @cached_property
    def archive(self) -> Archive:
        """What queries hit among the items seen."""
        return Archive(self._database, self.now)

    @cached_property
    def drafts(self) -> Drafts:
        """The dialogues about queries."""
        return Drafts(self._database, self.now)

    @cached_property
    def watches(self) -> Watches:
        """The watches of all chats."""
        return Watches(self._database, self.now)

    @cached_property
    def lists(self) -> Lists:
        """The watchlists."""
        return Lists(self._database, self.now)

    @cached_property
    def follows(self) -> Follows:
        """Which chat follows which list."""
        return Follows(self._database, self.now)

    @cached_property
    def chats(self) -> Chats:
        """The destinations."""
        return Chats(self._database, self.now)

    @cached_property
    def links(self) -> Links:
        """Who looks after which shared chat."""
        return Links(self._database, self.now)

    @cached_property
    def alerts(self) -> Alerts:
        """What was alerted to whom, and why."""
        return Alerts(self._database, self.now)

    @cached_property
    def fanout(self) -> Fanout:
        """Alerts about one item, for all the chats at once."""
        return Fanout(self._database, self.now)

    @cached_property
    def kept(self) -> Kept:
        """Alerts that wait for a summary, or are listed with others."""
        return Kept(self._database, self.now)

    @cached_property
    def recall(self) -> Recall:
        """Taking messages back that were not sent."""
        return Recall(self._database, self.now)

    @cached_property
    def snoozes(self) -> Snoozes:
        """What chats want to hear nothing of for a while."""
        return Snoozes(self._database, self.now)

    @cached_property
    def outbox(self) -> Outbox:
        """What still has to reach Telegram, and what became of it."""
        return Outbox(self._database, self.now)

    @cached_property
    def questions(self) -> Questions:
        """What chats have been asked."""
        return Questions(self._database, self.now)

    @cached_property
    def forgetting(self) -> Forgetting:
        """The deletion of chats."""
        return Forgetting(self._database, self.now)

    @cached_property
    def votes(self) -> Votes:
        """What readers say of alerts."""
        return Votes(self._database, self.now)

    @cached_property
    def replies(self) -> Replies:
        """The replies that still may change."""
        return Replies(self._database, self.now)

    @cached_property
    def inbox(self) -> Inbox:
        """What came from Telegram."""
        return Inbox(self._database, self.now)

    @cached_property
    def retention(self) -> Retention:
        """Forgetting what is old."""
        return Retention(self._database, self.now)

    @cached_property
    def restored(self) -> Restored:
        """What a backup believes is still to be done."""
        return Restored(self._database, self.now)

    @cached_property
    def roles(self) -> Roles:
        """The roles that were given."""
        return Roles(self._database, self.now)

    @cached_property
    def bans(self) -> Bans:
        """Who is not served."""
        return Bans(self._database, self.now)

    @cached_property
    def invites(self) -> Invites:
        """The invitations, and whom they have let in."""
        return Invites(self._database, self.now)

    @cached_property
    def broadcasts(self) -> Broadcasts:
        """The operator's messages to all chats."""
        return Broadcasts(self._database, self.now)

    @cached_property
    def failures(self) -> Failures:
        """The messages that Telegram refused."""
        return Failures(self._database, self.now)

    @cached_property
    def audit(self) -> Audit:
        """The record of what admins do."""
        return Audit(self._database, self.now)

    @cached_property
    def menus(self) -> Menus:
        """Who has a menu of commands of their own."""
        return Menus(self._database, self.now)

    @cached_property
    def figures(self) -> Figures:
        """The figures of all that there is."""
        return Figures(self._database, self.now)

    @cached_property
    def gauges(self) -> Gauges:
        """How far behind the program is."""
        return Gauges(self._database, self.now)

    @cached_property
    def progress(self) -> Progress:
        """When each loop last got round."""
        return Progress(self._database, self.now)
