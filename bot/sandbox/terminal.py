"""The sandbox as a chat in the terminal: what the bot sends is printed, what is typed is said to it.

`!3` presses the button that is shown as `[3 …]`. Numbers are never given twice, so that an alert that arrives
while one types cannot change what a number means. A line that is half typed then stands again below the alert.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import tzinfo
from typing import TextIO

from bot.sandbox.chats import Chat, User
from bot.sandbox.events import Answered, Deleted, Edited, Event, Said, Sent
from bot.sandbox.keyboard import Button
from bot.sandbox.messages import Message
from bot.sandbox.service import in_words
from bot.sandbox.telegram_state import Telegram
from bot.sandbox.terminal_input import is_terminal, lines, texts
from bot.sandbox.terminal_line import TypedLine, can_redraw, columns, key_by_key
from bot.sandbox.terminal_text import heading, indented, render_keyboard, render_text, safe, wants_colour

HINT = "Type a command and press Enter; !1 presses button 1; Ctrl-D ends."
_PRESS = re.compile(r"!\s*(\d{1,9})")
_PATIENCE = 3.0  # seconds that a piped line waits for an answer to the one before


class Terminal:
    """One subscriber's terminal. `zone` is that of the times shown, None for the machine's."""

    def __init__(
        self,
        telegram: Telegram,
        user: User,
        chat: Chat,
        stdin: TextIO | None,
        stdout: TextIO,
        *,
        environ: Mapping[str, str],
        zone: tzinfo | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._telegram = telegram
        self._user = user
        self._chat = chat
        self._stdin = stdin
        self._stdout = stdout
        self._zone = zone
        self._sleep = sleep
        self._typed = is_terminal(stdin)
        self._line = TypedLine() if can_redraw(stdin, stdout, environ) else None
        self._colour = wants_colour(is_terminal(stdout), environ)
        self._buttons: dict[int, tuple[Message, Button]] = {}
        self._numbers: dict[tuple[int, int, str], int] = {}
        self._typing = False
        self._reacted = asyncio.Event()
        self._gone = asyncio.Event()

    async def run(self) -> None:
        """Shows the chat until Ctrl-D, until nobody reads the output any more, or until cancelled.

        A pipe or a file is said line by line; when it ends, the chat goes on.
        """
        unsubscribe = self._telegram.subscribe(self.on_event)
        if self._typed:
            self.write(HINT)
        reading = asyncio.create_task(self._read())
        gone = asyncio.create_task(self._gone.wait())
        try:
            await asyncio.wait({reading, gone}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                reading.result()
        finally:
            unsubscribe()
            for task in (reading, gone):
                task.cancel()
            await asyncio.gather(reading, gone, return_exceptions=True)

    async def _read(self) -> None:
        async for line in lines(self._stdin) if self._line is None else self._typed_lines(self._line):
            if not line.strip():
                continue
            self._reacted.clear()
            self.enter(line)
            if not self._typed:
                await self._reaction()
        if not self._typed:
            await self._gone.wait()

    async def _typed_lines(self, line: TypedLine) -> AsyncIterator[str]:
        """Each line as it is finished; shows what is typed, which the terminal leaves to us."""
        with key_by_key(self._stdin), contextlib.suppress(EOFError):
            async for keys in texts(self._stdin):
                for key in keys:
                    away, shown = line.away(columns(self._stdout)), line.text
                    finished = line.press(key)
                    if finished is not None:
                        self._print(f"{away}{shown}\n")
                        yield finished
                    else:
                        self._print(f"{away}{line.text}")

    async def _reaction(self) -> None:
        """Lets the bot answer before the next piped line: `!1` may need the buttons of that answer."""
        answer = asyncio.ensure_future(self._reacted.wait())
        timer = asyncio.ensure_future(self._sleep(_PATIENCE))
        try:
            await asyncio.wait({answer, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answer.cancel()
            timer.cancel()

    def enter(self, line: str) -> None:
        """One line from the subscriber: words to say, or `!` and the number of a button."""
        press = _PRESS.fullmatch(line.strip())
        if press is None:
            self._say(line.strip())
            return
        message, button = self._buttons.get(int(press[1]), (None, None))
        if message is None or button is None:
            self.write(f"There is no button {press[1]}.")
            return
        try:
            self._telegram.press(self._user, message.chat, message.message_id, button.data)
        except LookupError:
            self.write(f"The button {press[1]} is gone.")

    def _say(self, words: str) -> None:
        self._typing = self._typed  # a terminal has already shown what was typed on it
        try:
            self._telegram.say(self._user, self._chat, words)
        finally:
            self._typing = False

    def on_event(self, event: Event) -> None:
        """Prints what happened. It never fails: the bot's call must not suffer from a terminal."""
        if isinstance(event, Sent):
            self._show(event.message, "silent" if event.message.silent else "")
        elif isinstance(event, Edited):
            self._show(event.message, "edited")
        elif isinstance(event, Answered):
            self._show_answer(event)
        elif isinstance(event, Deleted):
            self._entry(event.message, self._speaker(event.message), "deleted")
        elif isinstance(event, Said) and not self._typing:
            self._show(event.message, "")
        if isinstance(event, Sent | Edited | Answered):
            self._reacted.set()

    def _show(self, message: Message, note: str) -> None:
        parts = [render_text(message.text, message.entities, self._colour)] if message.text else []
        if message.file is not None:
            parts.insert(0, f"[{message.file.kind}: {safe(message.file.name)}, {len(message.file.data)} bytes]")
        if message.service:
            parts.append(safe(in_words(message)))
        if message.keyboard:
            parts.append(render_keyboard(message.keyboard, lambda it: self._number(message, it), self._colour))
        if message.below is not None:
            parts += [f"[{safe(it.text)}: on the page in the browser]" for row in message.below.rows for it in row]
        self._entry(message, self._speaker(message), note, "\n".join(parts))

    def _show_answer(self, event: Answered) -> None:
        if event.text:
            note = "alert box" if event.alert else "notice"
            self._entry(event.message, self._telegram.bot.user.first_name, note, safe(event.text))

    def _entry(self, message: Message, speaker: str, note: str, body: str = "") -> None:
        place = message.chat.name
        if message.thread in message.chat.topics:
            place = f"{place} / {message.chat.topics[message.thread].name}"
        head = heading(self._telegram.now(), self._zone, place, speaker, note=note, colour=self._colour)
        self.write(f"{head}\n{indented(body)}" if body else head)

    def _speaker(self, message: Message) -> str:
        return self._telegram.bot.user.first_name if message.by_bot else message.speaker

    def _number(self, message: Message, button: Button) -> int:
        """The button's own number for ever; an edited message keeps those of the buttons that stay."""
        key = (message.chat_id, message.message_id, button.data)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        self._buttons[number] = (message, button)
        return number

    def write(self, text: str) -> None:
        """Prints a line or more, above the line that is being typed."""
        if self._line is None:
            self._print(f"{text}\n")
        else:
            self._print(f"{self._line.away(columns(self._stdout))}{text}\n{self._line.text}")

    def _print(self, text: str) -> None:
        """Prints and flushes. Letters that the stream lacks become question marks; a closed pipe ends it."""
        encoding = getattr(self._stdout, "encoding", None) or "utf-8"
        shown = text.encode(encoding, "replace").decode(encoding, "replace")
        try:
            self._stdout.write(shown)
            self._stdout.flush()
        except (OSError, ValueError):
            self._gone.set()
