"""The settings: read once from the environment, checked as a whole, frozen.

Every problem is reported at once, in words, and no secret is ever part of a message.
"""

import difflib
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.log import redact
from watchlists.errors import WirewatchError

PREFIX = "WIREWATCH_"
CLOUD = "https://api.telegram.org"
_UNITS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}


class ConfigurationError(WirewatchError):
    """Settings that cannot be used: one line per problem."""


def _duration(value: object) -> object:
    """Seconds from `600`, `10m`, `6 h` or `1d`; what is already a duration passes."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|m|min|h|d)?\s*", value.lower())
    if not found:
        raise ValueError("should be a number of seconds, or a time such as 10m, 6h or 1d")
    try:
        return timedelta(seconds=float(found[1]) * _UNITS[found[2] or ""])
    except OverflowError:
        raise ValueError("should be shorter than that") from None


def _separated(value: object) -> object:
    return [part for part in re.split(r"[,\s]+", value) if part] if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _host_port(values: frozenset[str]) -> frozenset[str]:
    for value in values:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise ValueError(f"{value!r} should be an exact host:port, such as 10.0.0.5:8080")
    return frozenset(value.lower() for value in values)


class Listen(NamedTuple):
    """Where to listen."""

    host: str
    port: int


def _listen(value: object) -> object:
    """`9464` is that port for this machine alone; `0.0.0.0:9464` is for all who can reach it."""
    if not isinstance(value, str):
        return value
    host, _, port = value.strip().rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError("should be a port such as 9464, or an address and a port such as 0.0.0.0:9464")
    return Listen(host.strip("[]") or "127.0.0.1", int(port))


def _no_folder(value: Path) -> Path:
    if value.is_dir():
        raise ValueError("is a folder: name a file in it, such as wirewatch.db")
    return value


def _http_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
        raise ValueError("should be an address that begins with https:// or http://")
    return value.rstrip("/")


def _header_text(value: str) -> str:
    if not re.fullmatch(r"[!-'*-~]{3,200}", value):
        raise ValueError("should be an address such as https://example.org/about or name@example.org")
    return value


def _token_form(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value()):
        raise ValueError("should look like 123456789:AAE…, as @BotFather gave it")
    return value


def _token_of_file(value: object) -> object:
    path = Path(str(value))
    try:
        return path.read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError("is no text file") from None


Duration = Annotated[timedelta, BeforeValidator(_duration), Field(gt=timedelta())]
HostPorts = Annotated[frozenset[str], NoDecode, BeforeValidator(_separated), AfterValidator(_host_port)]
Token = Annotated[SecretStr, AfterValidator(_token_form)]


class Settings(BaseSettings):
    """What the operator decides. Durations are seconds, or a number with s, m, h or d."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    token: Token | None = None
    # Holds the file's content, not its path: the way of containers, where secrets stay out of the environment.
    token_file: Annotated[Token, BeforeValidator(_token_of_file)] | None = None
    api_url: Annotated[str, AfterValidator(_http_url)] = CLOUD
    database: Annotated[Path, AfterValidator(_no_folder)] = Path("data/wirewatch.db")
    admins: Annotated[frozenset[int], NoDecode, BeforeValidator(_separated)] = frozenset()
    access: Annotated[Literal["open", "invite"], BeforeValidator(_lower)] = "open"
    feeds: Path | None = None
    watchlists: Path | None = None
    poll_interval: Duration = timedelta(seconds=600)
    poll_interval_min: Duration | None = None
    public_url: Annotated[str, AfterValidator(_http_url)] | None = None
    webhook: bool = False
    contact: Annotated[str, AfterValidator(_header_text)] | None = None
    public_port: Annotated[int, Field(ge=1, le=65_535)] = 8081
    allow_private_feeds: HostPorts = frozenset()
    alert_expiry: Duration = timedelta(hours=6)
    alert_grows: Duration = timedelta(hours=24)
    retention_days: Annotated[int, Field(ge=1, le=400)] = 30
    backups: Path | None = None
    metrics_port: Annotated[Listen | None, NoDecode, BeforeValidator(_listen)] = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"

    # Rules for one field that look at an earlier one, not for the whole: so they are told beside all other problems.
    @field_validator("token_file")
    @classmethod
    def _one_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value and info.data.get("token"):
            raise ValueError("and WIREWATCH_TOKEN are both set: keep one of them")
        return value

    @field_validator("webhook")
    @classmethod
    def _reachable(cls, value: bool, info: ValidationInfo) -> bool:
        address = info.data.get("public_url", "-")  # where it is wrong itself, that is told
        if value and not address:
            raise ValueError("needs WIREWATCH_PUBLIC_URL, the address at which Telegram reaches this program")
        if value and address.startswith("http:") and info.data.get("api_url", CLOUD) == CLOUD:
            raise ValueError(
                "needs a WIREWATCH_PUBLIC_URL that begins with https://: Telegram brings updates to no other"
            )
        return value

    @field_validator("poll_interval_min")
    @classmethod
    def _floor_below(cls, value: timedelta | None, info: ValidationInfo) -> timedelta | None:
        if value and value > info.data.get("poll_interval", value):
            raise ValueError("is above WIREWATCH_POLL_INTERVAL: lower the first or raise the second")
        return value

    @property
    def secret(self) -> str:
        """The token as text; empty where none is set."""
        token = self.token or self.token_file
        return token.get_secret_value() if token else ""

    @property
    def poll_floor(self) -> timedelta:
        """The shortest time between two polls: 300 s, or less where `POLL_INTERVAL` alone is set below that."""
        return self.poll_interval_min or min(timedelta(seconds=300), self.poll_interval)


def load_settings() -> Settings:
    """Read the settings from the environment; raise `ConfigurationError` with a line for every problem."""
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigurationError("\n".join(_in_words(problem) for problem in error.errors())) from None


def remarks(settings: Settings) -> list[str]:
    """A sentence for what is allowed and most likely not meant."""
    if settings.access == "invite" and not settings.admins:
        return ["WIREWATCH_ACCESS is invite and WIREWATCH_ADMINS is empty, so nobody can talk to the bot"]
    return []


def unknown_settings(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each `WIREWATCH_…` variable that no setting reads: a typing error, most likely."""
    names = [name.upper() for name in Settings.model_fields]
    sentences = []
    for key in sorted(environment):
        name = key.removeprefix(PREFIX)
        if name != key and name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"; did you mean {PREFIX}{near[0]}?" if near else ""
            sentences.append(f"{key} is not a setting of Wirewatch and is ignored{hint}")
    return sentences


def _in_words(problem: Any) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ")
    name = f"{PREFIX}{str(problem['loc'][0]).upper()}"
    plain = {"int_parsing": "should be a number", "greater_than": "should be more than 0"}.get(problem["type"])
    # A token, or what was meant as one, is never printed back.
    secret = name.startswith(f"{PREFIX}TOKEN")
    given = "" if secret else f" (it is {problem['input']!r})"
    return redact(f"{name} {plain or message.removeprefix('Input ')}{given}")
