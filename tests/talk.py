"""A person who talks to the handlers, on a store in memory."""

from dataclasses import dataclass, field

import handlers
from bot.sandbox.formatting import message_text
from handlers.context import Context, Document, Render, Reply
from tests.fakes import MemoryStore
from watchlists.service import Service

ANN, BOB = 7, 8


@dataclass
class Chat:
    """Says things to the handlers and keeps what they answer."""

    store: MemoryStore = field(default_factory=MemoryStore)
    answers: list[Reply] = field(default_factory=list)
    is_admin: bool = False
    bot_name: str = "zz_bot"

    def _context(self, chat_id: int, message_id: int | None = None, about: int = 0) -> Context:
        async def answer(render: Render) -> None:
            before = dict(self.store.questions.rows)
            try:
                self.answers.append(render(self._service(chat_id)))
            except Exception:
                self.store.questions.rows = before  # as a transaction would
                raise

        return Context(
            chat_id, chat_id, "", answer, message_id, is_admin=self.is_admin, about=about, bot_name=self.bot_name
        )

    def _service(self, chat_id: int) -> Service:
        owners = {chat_id} if self.is_admin else set()
        return Service(self.store, self.store.questions.take(chat_id), owners=owners)

    async def say(self, text: str, chat_id: int = ANN, about: int = 0) -> Reply:
        await handlers.on_message(self._context(chat_id, about=about), text)
        return self._last()

    async def press(self, data: str, chat_id: int = ANN) -> Reply:
        await handlers.on_button(self._context(chat_id, message_id=55), data)
        return self._last()

    async def send(self, name: str, size: int | None = None, chat_id: int = ANN) -> Reply:
        await handlers.on_document(self._context(chat_id), Document(f"id of {name}", name, size))
        return self._last()

    def watches(self, chat_id: int = ANN) -> list[str]:
        return [watch.text for watch in self.store.watches.active(chat_id)]

    def _last(self) -> Reply:
        (reply,) = self.answers
        self.answers.clear()
        if reply.text or reply.edits is None:  # without text it changes the buttons of a message
            message_text(reply.text, "HTML")
        return reply
