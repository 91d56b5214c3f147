"""Holds the sandbox to something that it did not write: aiogram's models of the Bot API.

`AiogramCheck` is a hook for `BotApiServer(inspect=...)`. It reads every request as aiogram's method and every result
as aiogram's type; a field that aiogram does not know counts as a problem, at any depth. Problems are collected,
not raised, because the server asks in the middle of an answer; `assert_clean` raises them.
"""

from collections.abc import Container, Mapping
from typing import Any

from aiogram import methods, types
from pydantic import BaseModel, TypeAdapter, ValidationError

_METHODS = {
    model.__api_method__: model
    for model in vars(methods).values()
    if isinstance(model, type) and issubclass(model, methods.TelegramMethod) and model is not methods.TelegramMethod
}


def unknown_fields(value: object, path: str = "") -> list[str]:
    """The fields, at any depth, that a model took without knowing them."""
    if isinstance(value, BaseModel):
        found = [f"{path}.{name}" for name in value.model_extra or {}]
        for name in value.model_fields_set & set(type(value).model_fields):
            found += unknown_fields(getattr(value, name), f"{path}.{name}")
        return found
    if isinstance(value, list | tuple):
        return [field for index, item in enumerate(value) for field in unknown_fields(item, f"{path}[{index}]")]
    return []


class AiogramCheck:
    """Collects what aiogram's models find wrong. `raw_updates` are ids that are broken on purpose."""

    def __init__(self, raw_updates: Container[int] = ()) -> None:
        self.problems: list[str] = []
        self.checked = 0
        self._raw_updates = raw_updates

    def __call__(self, method: str, parameters: Mapping[str, object], response: Mapping[str, object]) -> None:
        model = _METHODS.get(method)
        if model is None:
            self.problems.append(f"{method}: aiogram knows no such method")
            return
        self.checked += 1
        if response.get("ok") is True:  # what the server refused may well be malformed
            self._check(f"{method} request", model, dict(parameters))
        self._check_response(method, model, dict(response))

    def assert_clean(self) -> None:
        """Raises AssertionError with every problem."""
        assert not self.problems, "\n".join(self.problems)

    def _check_response(self, method: str, model: Any, response: dict[str, Any]) -> None:
        if response.get("ok") is not True:
            self._check(f"{method} error", types.ResponseParameters, response.get("parameters", {}))
            if set(response) - {"ok", "error_code", "description", "parameters"}:
                self.problems.append(f"{method} error: {sorted(response)}")
            return
        result = response.get("result")
        if method == "getUpdates" and isinstance(result, list):
            result = [update for update in result if update.get("update_id") not in self._raw_updates]
        self._check(f"{method} result", model.__returning__, result)

    def _check(self, what: str, expected: Any, value: object) -> None:
        try:
            read = TypeAdapter(expected).validate_python(value)
        except ValidationError as error:
            self.problems.append(f"{what}: {error}")
            return
        self.problems += [f"{what}: unknown field {field}" for field in unknown_fields(read)]
