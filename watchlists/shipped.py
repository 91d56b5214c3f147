"""The files that ship with the program: `feeds.toml` and the watchlists."""

from importlib import resources

from watchlists.errors import ListError
from watchlists.i18n import _


def shipped_names() -> tuple[str, ...]:
    """The names of the files that ship with the program, in order: `feeds.toml` and the watchlists."""
    folder = resources.files("watchlists").joinpath("curated")
    return tuple(sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml")))


def shipped(name: str) -> str:
    """The text of one shipped file; only the names of `shipped_names` are known, so no path gets through."""
    if name not in shipped_names():
        message = _("There is no shipped file {name}; there are {names}.")
        raise ListError(message.format(name=repr(name), names=", ".join(shipped_names())))
    return resources.files("watchlists").joinpath("curated", name).read_text(encoding="utf-8")
