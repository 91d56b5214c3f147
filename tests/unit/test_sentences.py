"""No sentence escapes translation: what people read stands inside `_()`, `N_()` or `ngettext()` in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A word and a space, or a piece of a sentence around a value; markup is no word.
_WORDS = re.compile(r"[A-Za-z]{2,}[,:;.]? [A-Za-z“({]|[a-z]{4,}[:;,]? $|^ [a-z]{2,}")
_CAPITAL = re.compile(r"(?<![\w<&/])[A-Z][a-z]+|OK")  # the word on a button
_MARKUP = re.compile(r"<[^>]*>?")
# Words that are typed to the bot or kept in the database are the same in every language.
TYPED = {
    "daily 08:00",
    "daily 08:00 18:00",
    "weekly mon 08:00",
    "until tomorrow",
    "daily ",
    "weekly ",
    "digest ",
    "snooze ",
    " sources:",
    "editor ",
    "/lists ",
    "/listlog ",
}
TYPES = {"Reply"}  # in quotes where it is not known yet
SILENT = {
    "watchlists/clean.py": "names of HTML elements",
    "watchlists/decide.py": "reasons for the log",
    "watchlists/health.py": "states for the figures",
    "watchlists/hints.py": "codes of languages, beside its sentences",
    "watchlists/identity.py": "names of parameters",
    "watchlists/stories.py": "kept in the database, and translated where it is shown",
    "watchlists/text.py": "a table of words",
    "watchlists/words.py": "the name of a format",
    "bot/build_rights.py": "for the README",
    "bot/alarm.py": "the log, beside its sentences",
    "bot/log.py": "the log",
    "bot/app.py": "for the operator",
    "bot/decode.py": "names of codings, beside its faults",
    "bot/gate.py": "reasons for the database",
    "bot/fetch.py": "what servers are told, beside its faults",
    "bot/files.py": "files that are read on the command line",
    "bot/membership.py": "reasons for the database, beside its sentences",
    "bot/menu.py": "for the log",
    "bot/parse.py": "for the operator, beside its faults",
    "bot/respond.py": "reasons for the database, beside its sentences",
}
TRANSLATES = {"_", "N_", "ngettext"}
ENGLISH = {"RuntimeError", "ValueError", "TypeError"}  # our own mistakes: nobody is told their text
LOGS = {"log", "re", "warnings"}


def modules() -> list[str]:
    """All of the core and the handlers, and of the shell what sends messages."""
    found = [*(ROOT / "handlers").rglob("*.py"), *(ROOT / "watchlists").rglob("*.py")]
    found += [
        path
        for path in (ROOT / "bot").glob("*.py")
        if re.search(r"handlers|i18n|\bfaults\b|Outgoing", path.read_text("utf-8"))
    ]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def _documentation(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _excused(call: ast.Call) -> bool:
    """Whether all text inside the call is translated, or read by nobody in a chat."""
    called = call.func
    if isinstance(called, ast.Name):
        return called.id in TRANSLATES | ENGLISH
    is_method = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)
    return is_method and called.value.id in LOGS


def untranslated(source: str) -> list[str]:
    """The pieces of text in a module that are not translated, and read by somebody perhaps."""
    tree = ast.parse(source)
    excused = {id(node) for node in _documentation(tree)}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _excused(call):
            excused |= {id(node) for node in ast.walk(call)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in texts if id(node) not in excused and node.value not in TYPED | TYPES]


def escaped(source: str) -> list[str]:
    """Those of them that look like sentences."""
    return [text for text in untranslated(source) if _WORDS.search(_MARKUP.sub("", text))]


@pytest.mark.parametrize("module", [module for module in modules() if module not in SILENT])
def test_no_sentence_stands_outside_a_translation(module):
    """A string with words in it is a sentence, until it is known to be something else."""
    assert escaped((ROOT / module).read_text("utf-8")) == []


@pytest.mark.parametrize("module", [module for module in modules() if module.startswith("handlers/")])
def test_no_label_stands_outside_a_translation(module):
    """Labels of buttons are single words, which begin with a capital."""
    assert [text for text in untranslated((ROOT / module).read_text("utf-8")) if _CAPITAL.search(text)] == []


@pytest.mark.parametrize("module", SILENT)
def test_what_is_excused_needs_it(module):
    """An excuse that nothing needs any more goes."""
    assert escaped((ROOT / module).read_text("utf-8"))


def _constants(tree: ast.AST) -> set[str]:
    """The names that are set to a sentence marked with `N_`."""
    marked = (node for node in ast.walk(tree) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
    calls = ((node, node.value.func) for node in marked)
    return {
        target.id
        for node, called in calls
        if isinstance(called, ast.Name) and called.id == "N_"
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def unsaid(source: str, constants: set[str]) -> list[str]:
    """The places where a marked constant is used as it is, without `_()`."""
    tree = ast.parse(source)
    calls = (call for call in ast.walk(tree) if isinstance(call, ast.Call) and _excused(call))
    said = {id(node) for call in calls for node in ast.walk(call)}
    used = (
        node for node in ast.walk(tree) if isinstance(getattr(node, "ctx", None), ast.Load) and id(node) not in said
    )
    return [name for node in used if (name := _name(node)) in constants]


def _name(used: ast.AST) -> str:
    """`GONE` of `GONE` and of `replies.GONE`; not of a member of a class."""
    if isinstance(used, ast.Name):
        return used.id
    is_of_module = isinstance(used, ast.Attribute) and isinstance(used.value, ast.Name) and used.value.id.islower()
    return used.attr if is_of_module else ""


def test_a_marked_constant_is_translated_where_it_is_used():
    """The mark alone translates nothing. Faults are kept in English, and translated where they are shown."""
    sources = {module: (ROOT / module).read_text("utf-8") for module in modules()}
    faults = _constants(ast.parse(sources["watchlists/faults.py"]))
    finders = {"watchlists/faults.py", "bot/discover.py", "bot/visit.py"}
    constants = {name for source in sources.values() for name in _constants(ast.parse(source))} - faults
    assert "OWN_FAULT" in constants
    assert {
        module: found for module in sources if module not in finders and (found := unsaid(sources[module], constants))
    } == {}
    assert unsaid("return Reply(replies.GONE)", {"GONE"}) == ["GONE"]
    assert unsaid("return Reply(_(replies.GONE))", {"GONE"}) == []


def test_a_sentence_that_escapes_is_found():
    """Whole, in pieces around a value, or a word glued to one."""
    assert escaped('reply = Reply("You watch nothing.")') == ["You watch nothing."]
    assert escaped('reply = Reply(f"Dropped {name}.")') == ["Dropped "]
    assert escaped('reply = Reply(f"There is {name} here")') == ["There is ", " here"]
    assert escaped('reply = Reply(_("You watch nothing."))') == []
    assert escaped('log.info("It was read.")') == []


@pytest.mark.parametrize("name", modules())
def test_sentences_stand_where_the_catalogs_find_them(name):
    """What reads the sources out for translators does not look into f-strings."""
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
    hidden = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in TRANSLATES]
    assert [call for call in hidden if isinstance(call.args[0], ast.Constant)] == []
