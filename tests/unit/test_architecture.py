"""The house: imports point one way, the core is pure, files and functions stay small."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "watchlists")
MAX_FILE, MAX_FUNCTION = 300, 40

# What each room may import of the others.
ARROWS = {"watchlists": set(), "handlers": {"watchlists"}, "bot": {"handlers", "watchlists"}}
# The core computes: what it may import beside the parts of the standard library that touch nothing.
PURE_PACKAGES = {"rapidfuzz", "Stemmer", "anyascii", "w3lib", "publicsuffixlist"}
IMPURE = {
    "asyncio", "http", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "socket",
    "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib.request",
}  # fmt: skip
HANDLERS_MAY_NOT = {"sqlite3", "sqlite_utils", "httpx", "aiohttp", "feedparser", "rapidfuzz"}
# Inside bot/, from the ground up: a room (a module; `store` and `sandbox` as a whole; each verb) imports what is lower.
BOT_LEVELS = [
    {"wordindex"},
    {"clock", "plain", "outcomes", "log", "lock", "migrations", "files", "jsonlines", "jobs"}
    | {"botapi", "build_rights", "build_words", "cadence", "decode", "details", "hosts", "languages", "pace"}
    | {"resolver"},
    {"administrators", "config", "db", "entries", "guard", "headers", "itemlines", "render"},
    {"door", "jsonfeed", "listing", "store", "transport"},
    {"first_start", "gate", "hearing", "loud", "news", "timing", "warn", "watching"},
    {"digest", "keepers", "membership", "metrics", "post", "spread"},
    {"arrivals", "backup", "backups", "fetch", "figures", "grow", "link", "menu", "parse_child", "respond", "settle"}
    | {"broadcast", "notices", "retention", "storybook", "telegram", "tell", "updates"},
    {"alarm", "doctor", "parse"},
    {"deliver", "discover", "ingest", "monitor", "websub"},
    {"visit"},
    {"lookups", "poll", "pushes", "webhook"},
    {"intake"},
    {"app"},
    {"sandbox"},
    {"verbs"},
    {"__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(BOT_LEVELS) for room in rooms}
EDGES = {"ConversationHandler", "PicklePersistence", "executescript", "aread", "iter_bytes", "aiter_bytes"}


def _files(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", _files(*ROOMS), ids=_name)
def test_imports_point_one_way(path: Path) -> None:
    """bot → handlers → watchlists, with no exception."""
    room = path.relative_to(ROOT).parts[0]
    reached = {name.split(".")[0] for name in _imports(path)} & set(ROOMS) - {room}
    assert reached <= ARROWS[room]
    assert "tests" not in {name.split(".")[0] for name in _imports(path)}


@pytest.mark.parametrize("path", _files("watchlists"), ids=_name)
def test_the_core_is_pure(path: Path) -> None:
    """watchlists/ does no input or output and reads no clock: these come in as arguments."""
    for name in _imports(path):
        root = name.split(".")[0]
        assert name not in IMPURE
        assert root not in IMPURE
        assert root in sys.stdlib_module_names or root in PURE_PACKAGES | {"watchlists"}


@pytest.mark.parametrize("path", _files("handlers"), ids=_name)
def test_handlers_know_neither_database_nor_network(path: Path) -> None:
    """A handler parses, calls one use-case and replies."""
    assert not {name.split(".")[0] for name in _imports(path)} & HANDLERS_MAY_NOT


def _room(module: str) -> str:
    """The room of `bot.store.feeds` is `store`; a verb is one of its own."""
    parts = module.split(".")[1:]
    return ".".join(parts[:2] if parts[0] == "verbs" else parts[:1])


def test_every_room_of_bot_has_its_level() -> None:
    """A new module says where it stands, and one that is gone is forgotten."""
    rooms = [room for level in BOT_LEVELS for room in level]
    present = {path.relative_to(ROOT / "bot").parts[0].removesuffix(".py") for path in _files("bot")}
    assert sorted(rooms) == sorted(present - {"__init__"})


@pytest.mark.parametrize("path", _files("bot"), ids=_name)
def test_inside_bot_imports_point_one_way(path: Path) -> None:
    """What stands on one level, each verb among them, does not know of each other; what is lower not of the higher."""
    own = _room(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for name in _imports(path):
        if name.startswith("bot.") and _room(name) != own:
            here, there = LEVEL[own.split(".")[0]], LEVEL[_room(name).split(".")[0]]
            assert there < here, f"{_name(path)} imports {name}, which does not stand below it"


@pytest.mark.parametrize("path", _files(*ROOMS, "tests"), ids=_name)
def test_files_stay_small(path: Path) -> None:
    """A file over 300 lines is two files."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE


@pytest.mark.parametrize("path", _files(*ROOMS), ids=_name)
def test_functions_stay_small(path: Path) -> None:
    """A function over 40 lines does more than one thing. (Branches: the linter's limit of 10.)"""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= MAX_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", _files(*ROOMS), ids=_name)
def test_what_was_decided_against_stays_out(path: Path) -> None:
    """State in memory, statements that commit by themselves, and reading a whole body: none of them comes back."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        assert name not in EDGES


@pytest.mark.parametrize("path", _files("bot", "watchlists", "handlers"), ids=_name)
def test_every_exception_is_caught_only_at_a_boundary(path: Path) -> None:
    """`except Exception` stands at the boundary of a job and of an update, each with its reason, and nowhere else."""
    caught = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    boundaries = {"bot/deliver.py": 1, "bot/lookups.py": 1, "bot/poll.py": 1, "bot/respond.py": 2}
    assert len(caught) <= boundaries.get(_name(path), 0)


def test_nothing_happens_at_import() -> None:
    """Importing every module starts no thread, opens no file for writing and reads no setting."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in _files(*ROOMS)
        if path.name != "__main__.py"
    ]
    code = (
        "import sys, threading\n"
        "def hook(event, arguments):\n"
        "    if event == 'open' and isinstance(arguments[1], str) and set(arguments[1]) & set('wax+'):\n"
        "        if not str(arguments[0]).endswith(('.pyc',)) and '.pyc.' not in str(arguments[0]):\n"
        "            raise RuntimeError(f'opened for writing: {arguments[0]}')\n"
        "    if event in ('socket.connect', 'subprocess.Popen', 'sqlite3.connect'):\n"
        "        raise RuntimeError(event)\n"
        "sys.addaudithook(hook)\n"
        f"for name in {modules!r}: __import__(name)\n"
        "assert threading.active_count() == 1\n"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert child.returncode == 0, child.stderr
