"""A call of the Bot API as the sandbox's page lists it: one line, and the whole of it below."""

import json

from bot.sandbox.events import Called
from bot.sandbox.updates import Json

_SHORT = 70  # characters of a parameter in the line
_FIRST = ("chat_id", "message_id", "text", "caption")
_WHOLE = 4000  # characters of the parameters, and of the answer, below it


def call_json(call: Called) -> Json:
    """`status` is 0 where the client got no answer; `brief` is the parameters, `result` the answer in a word."""
    return {
        "time": call.time,
        "method": call.method,
        "status": call.status,
        "brief": ", ".join(f"{name}={_brief(value)}" for name, value in sorted(call.parameters.items(), key=_telling)),
        "result": _result(call),
        "parameters": _whole(call.parameters),
        "answer": _whole(call.response),
    }


def _telling(parameter: tuple[str, object]) -> int:
    """First where it goes and what it says, then how."""
    return _FIRST.index(parameter[0]) if parameter[0] in _FIRST else len(_FIRST)


def _brief(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"


def _result(call: Called) -> str:
    if call.status == 0:
        return "no answer"
    if call.response.get("ok") is not True:
        return str(call.response.get("description", f"HTTP {call.status}"))
    result = call.response.get("result")
    if call.method == "getUpdates" and isinstance(result, list):
        return "← " + ", ".join(kind for update in result for kind in update if kind != "update_id")
    if isinstance(result, dict) and "message_id" in result:
        return f"message {result['message_id']}"
    return "ok"


def _whole(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return text if len(text) <= _WHOLE else f"{text[:_WHOLE]} …"
