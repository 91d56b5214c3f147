"""The people of a story: each has a private chat with the bot, and reads it as a person does, from top to bottom."""

from bot.sandbox.chats import Chat
from bot.sandbox.events import Answered, Event
from bot.sandbox.messages import Message
from tests.e2e.running import World


class Person:
    """Says things, presses buttons, and waits for what comes. Several may act at the same time."""

    def __init__(self, made: World, name: str, language: str = "en") -> None:
        self._made = made
        self.user = made.telegram.add_user(name, language)
        self.chat = made.telegram.private_chat(self.user)
        self.notices: list[str] = []
        self._read: dict[int, int] = {}  # chat → the last message that was read in it
        made.telegram.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Answered) and event.user == self.user:
            self.notices.append(event.text)

    async def says(self, text: str, hears: str = "", place: Chat | None = None, **where: object) -> Message:
        """Say something; the next message with the words `hears` in it."""
        place = place or self.chat
        before = self._made.telegram.messages(place.id)
        self._read[place.id] = before[-1].message_id if before else 0
        self._made.telegram.say(self.user, place, text, **where)
        return await self.hears(hears, place)

    async def sends(self, name: str, data: bytes, hears: str, caption: str = "") -> Message:
        """Send a file; the next message with those words in it."""
        self._made.telegram.send_file(self.user, self.chat, name, data, caption)
        return await self.hears(hears)

    async def hears(self, words: str, place: Chat | None = None) -> Message:
        """The next message that has these words."""
        place = place or self.chat
        after = self._read.get(place.id, 0)

        def found() -> list[Message]:
            messages = self._made.telegram.messages(place.id)
            return [each for each in messages if each.message_id > after and words in each.text]

        try:
            await self._made.until(lambda: bool(found()))
        except AssertionError as error:
            texts = [message.text for message in self._made.telegram.messages(place.id)]
            raise AssertionError(f"{self.user.first_name} never heard {words!r}, but {texts}; {error}") from None
        message = found()[0]
        self._read[place.id] = max(message.message_id, self._read.get(place.id, 0))
        return message

    async def presses(self, message: Message, label: str, becomes: str = "") -> str:
        """Press a button and wait until the message has become what is said; the notice that was shown."""
        before, edits = len(self.notices), len(message.edits)
        self._made.telegram.press(self.user, message.chat, message.message_id, message.button(label).data)
        await self._made.until(lambda: len(self.notices) > before)
        if becomes:
            await self._made.until(lambda: len(message.edits) > edits and becomes in message.text)
        return self.notices[-1]

    def texts(self) -> list[str]:
        """What the bot has sent to the private chat."""
        return [message.text for message in self._made.telegram.messages(self.chat.id)]
