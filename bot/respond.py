"""From stored updates to answers: each is handled once, and its answer is stored with its end.

A handler's use-case, its reply in the outbox and the update's `done` are one transaction, so a crash neither
loses a command nor carries it out twice.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from telegram import Bot, CallbackQuery, Message, Update

import handlers
from bot import gate, hearing, keepers, membership
from bot.administrators import Administrators
from bot.botapi import attempt, name_of
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.gate import Guest, Verdict
from bot.hearing import GROUPS, Speaker, Spot
from bot.metrics import Metrics
from bot.store import Storage, Store
from bot.store.inbox import Received
from bot.store.outbox import Outgoing
from handlers import replies, replies_places
from handlers.context import Context, Document, Render, Reply
from handlers.rights import Place
from watchlists.i18n import _, speaking
from watchlists.roles import Role
from watchlists.service import Service

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
PRESSES = 3  # answers to buttons on their way at once: alerts need connections, too
PRESS_LIMIT = 3.0  # seconds for one
REFUSALS_APART = timedelta(minutes=1)  # in one group


class Responder:
    """Handles what the inbox holds, oldest first. `news` is set when something has come."""

    def __init__(
        self,
        storage: Storage,
        bot: Bot,
        settings: Settings,
        news: asyncio.Event,
        enqueued: Callable[[], None],
        clock: Clock = utc_now,
        metrics: Metrics | None = None,
    ) -> None:
        self._storage = storage
        self._bot = bot
        self._settings = settings
        self._enqueued = enqueued
        self._metrics = metrics or Metrics()
        self._news = news
        self._clock = clock
        self._administrators = Administrators(bot, clock)
        self._refused: dict[int, datetime] = {}  # destination → when somebody was last refused there
        self._pressed: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(PRESSES)

    async def run(self) -> None:
        """Handle updates until cancelled."""
        try:
            while True:
                self._news.clear()
                while waiting := await self._storage.run(lambda store: store.inbox.waiting()):
                    for received in waiting:
                        await self.handle(received)
                await self._news.wait()
        finally:
            for task in self._pressed:
                task.cancel()
            await self.finish()

    async def finish(self) -> None:
        """Wait for the answers to buttons that are on their way."""
        await asyncio.gather(*self._pressed, return_exceptions=True)

    async def handle(self, received: Received) -> None:
        """Handle one update. Whatever it is, it ends as done, skipped or failed."""
        update_id = received.update_id
        if received.attempts >= MAX_ATTEMPTS:
            await self._finish(update_id, "failed", "the program stopped each time it was handled")
            return
        await self._storage.run(lambda store: store.inbox.begin(update_id))
        try:
            update = Update.de_json(received.body, self._bot)
        except Exception as error:  # noqa: BLE001
            # The boundary of an update: what Telegram sends tomorrow must not stop the bot today.
            log.warning("update %d cannot be read and is skipped: %r", update_id, error, extra={"update": update_id})
            await self._finish(update_id, "skipped", f"cannot be read: {error!r}")
            return
        try:
            guest = await self._storage.run(lambda store: gate.meet(store, self._settings, update))
            await self._dispatch(update, guest)
        except Exception as error:
            self._metrics.own_error("update")
            chat = update.effective_chat
            about = {"update": update_id, "chat": chat.id if chat else None}
            log.exception("update %d ended in an error of ours", update_id, extra=about)
            await self._finish(update_id, "failed", repr(error), apologise_to=update)
        else:
            await self._finish(update_id, "done", guest.verdict)

    async def _dispatch(self, update: Update, guest: Guest) -> None:
        message = update.message
        if message and message.chat.type in GROUPS:
            await self._storage.run(lambda store: membership.note(store, message))
        if guest.verdict.is_silent:
            return
        if update.my_chat_member:
            member = update.my_chat_member
            self._administrators.forget(member.chat.id)
            invited = guest.invited
            await self._storage.run(
                lambda store: membership.changed(store, member, update.update_id, is_invited=invited)
            )
            self._enqueued()
        elif update.callback_query:
            await self._on_button(update, update.callback_query, guest)
        elif message and not await self._on_message(update, message, guest):
            await self._storage.run(lambda store: store.inbox.discard(update.update_id))

    async def _on_message(self, update: Update, message: Message, guest: Guest) -> bool:
        """Answer a message; False for one that is not for the bot."""
        said = hearing.speaker(update, guest.role)
        is_read = message.text or message.document or hearing.named_channel(message) or hearing.is_shown(message)
        if said is None or not is_read:
            return False
        answer_to = None  # in private the very next message answers
        if message.chat.type != "private":
            if not hearing.is_meant(message, name_of(self._bot)):
                return False
            answer_to = hearing.replied(message, name_of(self._bot))
        spot = await self._storage.run(lambda store: hearing.spot(store, message.chat, said, message, answer_to))
        if spot.place is Place.GROUP and not spot.answers and not (message.text or "").startswith("/"):
            return False
        with speaking(spot.language):
            context = self._context(update, spot, said, guest)
            about = gate.person_meant(message)
            await self._take(replace(context, reply_to=hearing.replied(message), about=about), message, guest.verdict)
        return True

    async def _take(self, context: Context, message: Message, verdict: Verdict) -> None:
        named = hearing.named_channel(message)
        if verdict is not Verdict.SERVED:
            said = gate.turned_away(verdict, with_code=bool(gate.code(message)))
            await context.answer(lambda _service: Reply(said, refusal=True))
        elif named and await handlers.on_channel(context, named, insist=message.chat_shared is not None):
            return
        elif message.document:
            sent = message.document
            await handlers.on_document(context, Document(sent.file_id, sent.file_name or "", sent.file_size))
        else:
            await handlers.on_message(context, message.text or message.caption or "")

    async def _on_button(self, update: Update, press: CallbackQuery, guest: Guest) -> None:
        message, said = press.message, hearing.speaker(update, guest.role)
        if message is None or said is None or message.chat.type == "channel":
            with speaking(said.language if said else ""):
                self._answer_press(press.id, _(replies.GONE))
            return
        whole = message if isinstance(message, Message) and message.is_accessible else None
        spot = await self._storage.run(
            lambda store: hearing.pressed(store, message.chat, said, whole, message.message_id)
        )
        if spot is None:
            with speaking(said.language):
                self._answer_press(press.id, _(replies.OLD_BUTTON))
            return
        with speaking(spot.language):
            if guest.verdict is not Verdict.SERVED:
                self._answer_press(press.id, gate.turned_away(guest.verdict))
                return
            context = self._context(update, spot, said, guest, message.message_id, press.id)
            await handlers.on_button(context, press.data or "")

    def _context(
        self,
        update: Update,
        spot: Spot,
        said: Speaker,
        guest: Guest,
        message_id: int | None = None,
        press_id: str = "",
    ) -> Context:
        async def answer(render: Render) -> None:
            reply = await self._storage.run(
                lambda store: self._answer(store, update.update_id, spot, render, said.language, pressed=bool(press_id))
            )
            if reply.refusal:
                self._refused[spot.here] = self._clock()
            self._enqueued()
            if press_id:
                self._answer_press(press_id, reply.notice, in_full=reply.refusal and spot.place is Place.GROUP)

        role = Role.USER if spot.place is Place.GROUP else said.role  # a group is no place to administer the bot
        return Context(
            spot.chat_id,
            said.user_id,
            "",
            answer,
            message_id,
            language=said.language,
            is_admin=role in (Role.OWNER, Role.ADMIN),
            is_editor=role is Role.EDITOR,
            place=spot.place,
            here=spot.here,
            editing=spot.title,
            left=spot.left,
            look_at_own=lambda: keepers.look_at_own(self._storage, self._administrators, said.user_id),
            look_up=lambda asked: self._administrators.channel(asked, said.user_id),
            administrates=lambda: self._administrates(spot, said, guest),
            bot_name=name_of(self._bot),
        )

    async def _administrates(self, spot: Spot, said: Speaker, guest: Guest) -> bool:
        if spot.place is Place.PRIVATE or said.administrates is not None:
            return said.administrates is not False
        if spot.place is Place.CHANNEL:
            await keepers.look(self._storage, self._administrators, said.user_id, spot.telegram_id)
        is_one = await self._administrators.has(spot.telegram_id, said.user_id)
        if is_one and guest.invited and spot.place is Place.GROUP:  # as if they had added the bot
            await self._storage.run(lambda store: store.invites.admit(spot.telegram_id, said.user_id))
        return is_one

    def _answer(
        self, store: Store, update_id: int, spot: Spot, render: Render, language: str = "", *, pressed: bool = False
    ) -> Reply:
        store.chats.ensure(spot.here, spot.kind, language)
        asked = store.questions.opened(spot.here) if spot.answers else None
        service = Service(store, asked, spot.here, self._settings.admins)
        reply = render(service)
        is_refused = reply.refusal and spot.place is Place.GROUP
        if spot.answers and not service.asks and not is_refused:  # a question waits for the very next message
            store.questions.close(spot.here)
        store.inbox.finish(update_id, "done")
        if is_refused and (pressed or self._has_refused(spot.here)):
            return reply  # a press is refused by its notice alone, and the group reads a refusal once a minute
        dedup_key = f"reply:{update_id}"
        if reply.awaits is not None:
            store.lookups.answered_in(reply.awaits, dedup_key)
        text, about = reply.text, spot.here if reply.personal else spot.chat_id
        if service.asks:
            store.questions.asked_in(spot.here, dedup_key, about)
            text += "\n" + _(replies_places.ANSWER_BY_REPLY) if spot.place is Place.GROUP else ""
        for number, each in enumerate((replace(reply, text=text), *reply.more)):
            store.outbox.add(
                Outgoing(
                    dedup_key=f"{dedup_key}:{number}" if number else dedup_key,
                    chat_id=spot.here,
                    kind="reply" if each.edits is None else "edit",
                    text=each.text,
                    buttons=each.buttons,
                    edits=each.edits,
                    file=each.file,
                    about=about if about != spot.here else None,
                    secret=each.secret,
                )
            )
        return reply

    def _has_refused(self, here: int) -> bool:
        last = self._refused.get(here)
        return last is not None and timedelta() <= self._clock() - last < REFUSALS_APART

    def _answer_press(self, press_id: str, notice: str, *, in_full: bool = False) -> None:
        """Stop the button's spinner, beside the loop: a slow answer must not keep the next command waiting."""
        task = asyncio.create_task(self._stop_spinner(press_id, notice, in_full=in_full))
        self._pressed.add(task)
        task.add_done_callback(self._pressed.discard)

    async def _stop_spinner(self, press_id: str, notice: str, *, in_full: bool) -> None:
        """Best effort: the button's effect is stored already. `in_full`: in a window, which has room for it all."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PRESS_LIMIT), self._places:
                call = self._bot.answer_callback_query(press_id, text=notice[:200] or None, show_alert=in_full)
                await attempt("a button press could not be answered", call, logging.DEBUG)

    async def _finish(self, update_id: int, state: str, reason: str = "", apologise_to: Update | None = None) -> None:
        def finish(store: Store) -> None:
            chat = apologise_to.effective_chat if apologise_to else None
            said = hearing.speaker(apologise_to) if apologise_to else None
            if chat and said and chat.type == "private":
                spot = hearing.spot(store, chat, said, None, None)
                with speaking(spot.language):
                    self._answer(store, update_id, spot, lambda _service: Reply(_(replies.OWN_FAULT)))
            store.inbox.finish(update_id, state, reason)

        await self._storage.run(finish)
        self._metrics.handled(state)
        self._enqueued()
