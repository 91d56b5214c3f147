"""Whoever administrates a channel no more looks after it no more: they are not told of its troubles and its watches.

Only Telegram's word ends that. It is asked now and then for each channel, so that no message has to wait for it, and
whenever somebody asks for their channels, or writes about one.
"""

import asyncio

from bot.administrators import Administrators
from bot.clock import Clock, to_epoch
from bot.store import Storage

AGAIN = 600.0  # seconds after which a channel is asked about once more
AT_ONCE = 20  # channels in one look


class Keepers:
    """The look at all channels, those first that were not looked at for the longest time."""

    def __init__(self, storage: Storage, administrators: Administrators, clock: Clock) -> None:
        self._storage = storage
        self._administrators = administrators
        self._clock = clock
        self._looked: dict[int, float] = {}  # id of a channel → when, since the start

    async def tick(self) -> None:
        """Ask about the channels whose turn it is."""
        channels = await self._storage.run(lambda store: store.links.of_channels())
        now = to_epoch(self._clock())
        self._looked = {channel: when for channel, when in self._looked.items() if channel in channels}
        due = [channel for channel in channels if not 0 <= now - self._looked.get(channel, 0.0) < AGAIN]
        for channel in sorted(due, key=lambda channel: self._looked.get(channel, 0.0))[:AT_ONCE]:
            self._looked[channel] = now
            for user_id in channels[channel]:
                await look(self._storage, self._administrators, user_id, channel)


async def look_at_own(storage: Storage, administrators: Administrators, user_id: int) -> None:
    """Ask about all the channels of one person at once, who waits for it."""
    channels = await storage.run(lambda store: store.links.of_user(user_id))
    await asyncio.gather(*(look(storage, administrators, user_id, channel.id) for channel in channels))


async def look(storage: Storage, administrators: Administrators, user_id: int, channel_id: int) -> None:
    """The person has nothing to do with the channel any more where Telegram says that they do not administrate it."""
    if await administrators.lacks(channel_id, user_id):
        await storage.run(lambda store: store.links.unlink(user_id, channel_id))
