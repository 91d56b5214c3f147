"""What the Bot API answers when it does not do what was asked: `{"ok": false, ...}`.

The descriptions are those of tdlib/telegram-bot-api and of Telegram's servers behind it, so that a client
which tells errors apart by their text meets the same texts here.
"""


class ApiError(Exception):
    """An HTTP status, a description, and with some `parameters` (`retry_after`, `migrate_to_chat_id`)."""

    def __init__(self, code: int, description: str, parameters: dict[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def payload(self) -> dict[str, object]:
        """The body of the answer."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str, parameters: dict[str, int] | None = None) -> ApiError:
    """400: the call itself is wrong."""
    return ApiError(400, f"Bad Request: {reason}", parameters)


def forbidden(reason: str) -> ApiError:
    """403: the bot may not do this in this chat."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409: somebody else takes the updates."""
    return ApiError(409, f"Conflict: {reason}")


def too_many(retry_after: int) -> ApiError:
    """429: try again after so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def migrated(to_chat_id: int) -> ApiError:
    """400: the group has become a supergroup with another id."""
    reason = "group chat was upgraded to a supergroup chat"
    return bad_request(reason, {"migrate_to_chat_id": to_chat_id})
