"""From stored updates to answers: each is handled once, and its answer is stored with its end.

A handler's use-case, its reply in the outbox and the update's `done` are one transaction, so a crash neither
loses a command nor carries it out twice.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace

from telegram import Bot, CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User

import handlers
from bot.botapi import attempt
from bot.config import Settings
from bot.metrics import Metrics
from bot.store import Storage, Store
from bot.store.inbox import Received
from bot.store.outbox import Outgoing
from handlers import replies
from handlers.context import Context, Document, Render, Reply
from watchlists.i18n import _, speaking
from watchlists.service import Service

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
PRESSES = 3  # answers to buttons on their way at once: alerts need connections, too
PRESS_LIMIT = 3.0  # seconds for one


class Responder:
    """Handles what the inbox holds, oldest first. `news` is set when something has come."""

    def __init__(
        self,
        storage: Storage,
        bot: Bot,
        settings: Settings,
        news: asyncio.Event,
        enqueued: Callable[[], None],
        metrics: Metrics | None = None,
    ) -> None:
        self._storage = storage
        self._bot = bot
        self._settings = settings
        self._enqueued = enqueued
        self._metrics = metrics or Metrics()
        self._news = news
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
        with speaking(await self._language(update)):
            try:
                await self._dispatch(update)
            except Exception as error:
                self._metrics.own_error("update")
                chat = update.effective_chat
                about = {"update": update_id, "chat": chat.id if chat else None}
                log.exception("update %d ended in an error of ours", update_id, extra=about)
                await self._finish(update_id, "failed", repr(error), apologise_to=update.effective_chat)
            else:
                await self._finish(update_id, "done")

    async def _language(self, update: Update) -> str:
        chat, client = update.effective_chat, _client_language(update.effective_user)
        return await self._storage.run(lambda store: store.chats.answered_in(chat.id, client)) if chat else client

    async def _dispatch(self, update: Update) -> None:
        if update.my_chat_member:
            member = update.my_chat_member
            await self._storage.run(lambda store: _membership(store, member))
        elif update.callback_query:
            await self._on_button(update, update.callback_query)
        elif update.message and update.message.chat.type == "private":
            await self._on_message(update, update.message)

    async def _on_message(self, update: Update, message: Message) -> None:
        if not message.text and not message.document:
            return
        user = message.from_user
        context = self._context(update, message.chat.id, user.id if user else 0)
        if not self._allowed(context.user_id):
            await context.answer(lambda _service: Reply(_(replies.INVITE_ONLY)))
            return
        if message.document:
            sent = message.document
            await handlers.on_document(context, Document(sent.file_id, sent.file_name or "", sent.file_size))
            return
        answered = message.reply_to_message
        reply_to = answered.message_id if answered else None
        await handlers.on_message(replace(context, reply_to=reply_to), message.text or "")

    async def _on_button(self, update: Update, press: CallbackQuery) -> None:
        message = press.message
        if message is None or message.chat.type != "private" or not self._allowed(press.from_user.id):
            self._answer_press(press.id, _(replies.GONE))
            return
        context = self._context(update, message.chat.id, press.from_user.id, message.message_id, press.id)
        await handlers.on_button(context, press.data or "")

    def _context(
        self,
        update: Update,
        chat_id: int,
        user_id: int,
        message_id: int | None = None,
        press_id: str = "",
    ) -> Context:
        language = _client_language(update.effective_user)

        async def answer(render: Render) -> None:
            reply = await self._storage.run(
                lambda store: self._answer(store, update.update_id, chat_id, render, language)
            )
            self._enqueued()
            if press_id:
                self._answer_press(press_id, reply.notice)

        is_admin = user_id in self._settings.admins
        return Context(chat_id, user_id, "", answer, message_id, language=language, is_admin=is_admin)

    def _answer(self, store: Store, update_id: int, chat_id: int, render: Render, language: str = "") -> Reply:
        store.chats.ensure(chat_id, "private", language)
        reply = render(Service(store, store.questions.take(chat_id)))  # a question waits for the very next message
        dedup_key = f"reply:{update_id}"
        if reply.awaits is not None:
            store.lookups.answered_in(reply.awaits, dedup_key)
        for number, each in enumerate((reply, *reply.more)):
            store.outbox.add(
                Outgoing(
                    dedup_key=f"{dedup_key}:{number}" if number else dedup_key,
                    chat_id=chat_id,
                    kind="reply" if each.edits is None else "edit",
                    text=each.text,
                    buttons=each.buttons,
                    edits=each.edits,
                    file=each.file,
                )
            )
        store.inbox.finish(update_id, "done")
        return reply

    def _answer_press(self, press_id: str, notice: str) -> None:
        """Stop the button's spinner, beside the loop: a slow answer must not keep the next command waiting."""
        task = asyncio.create_task(self._stop_spinner(press_id, notice))
        self._pressed.add(task)
        task.add_done_callback(self._pressed.discard)

    async def _stop_spinner(self, press_id: str, notice: str) -> None:
        """Best effort: the button's effect is stored already."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PRESS_LIMIT), self._places:
                call = self._bot.answer_callback_query(press_id, text=notice[:200] or None)
                await attempt("a button press could not be answered", call, logging.DEBUG)

    def _allowed(self, user_id: int) -> bool:
        return self._settings.access == "open" or user_id in self._settings.admins

    async def _finish(self, update_id: int, state: str, reason: str = "", apologise_to: Chat | None = None) -> None:
        def finish(store: Store) -> None:
            if apologise_to and apologise_to.type == "private":
                self._answer(store, update_id, apologise_to.id, lambda _service: Reply(_(replies.OWN_FAULT)))
            store.inbox.finish(update_id, state, reason)

        await self._storage.run(finish)
        self._metrics.handled(state)
        self._enqueued()


def _membership(store: Store, change: ChatMemberUpdated) -> None:
    """The bot was blocked or unblocked: stop or resume without a failed send."""
    if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
        store.chats.deactivate(change.chat.id, "the bot was blocked or removed")
        store.outbox.drop_chat(change.chat.id, "the bot was blocked or removed")
    elif change.chat.type == "private":
        store.chats.ensure(change.chat.id, "private", _client_language(change.from_user))


def _client_language(user: User | None) -> str:
    return (user.language_code or "") if user else ""
