"""What stands around the code: lock files, Makefile, container, changelog."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from bot.config import PREFIX, Settings

ROOT = Path(__file__).parents[2]
RUNTIME, DEVELOPMENT, BUILD = LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")
TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{20,}")
# Settings that a container gets in its own way, or that name a file which has to be mounted first.
NOT_PASSED_ON = {"TOKEN", "DATABASE", "FEEDS", "WATCHLISTS"}


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _requirements(lock: str) -> dict[str, str]:
    """The blocks of a lock file by name: `name==version; marker` and its hashes."""
    blocks = re.split(r"(?m)^(?=\S)", _read(lock))
    return {_name(block): block for block in blocks if block.strip() and not block.startswith("#")}


def _name(requirement: str) -> str:
    """The distribution that a requirement asks for, normalised as package indexes do."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def _version(block: str) -> str:
    found = re.match(r"\S+==(\S+)", block)
    assert found, f"not pinned: {block.splitlines()[0]}"
    return found[1]


def _instructions(name: str) -> list[tuple[str, str]]:
    """A Dockerfile as (instruction, arguments), continued lines joined and comments left out."""
    lines = [line for line in _read(name).splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    pairs = (line.split(maxsplit=1) for line in joined.splitlines() if line.strip())
    return [(word.upper(), rest) for word, rest in pairs]


def _last(name: str) -> str:
    """The arguments of the last such instruction of the Dockerfile's last stage."""
    instructions = _instructions("Dockerfile")
    last_stage = max(place for place, (word, _) in enumerate(instructions) if word == "FROM")
    return [rest for word, rest in instructions[last_stage:] if word == name][-1]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_is_pinned_and_hashed(lock: str) -> None:
    """What is installed is what was looked at, wherever it is fetched from."""
    requirements = _requirements(lock)
    assert requirements
    for block in requirements.values():
        assert _version(block)
        assert SHA256.search(block), block.splitlines()[0]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_index(lock: str) -> None:
    """Where packages come from is the machine's business, not the project's."""
    assert not re.search(r"index-url|find-links|trusted-host|https?://|file:|@ ", _read(lock))


@pytest.mark.parametrize("lock", [RUNTIME, BUILD])
def test_lock_files_agree(lock: str) -> None:
    """The tests run with the versions and hashes that the container gets."""
    tested = _requirements(DEVELOPMENT)
    for name, block in _requirements(lock).items():
        assert name in tested
        assert _version(block) == _version(tested[name])
        assert SHA256.findall(block) == SHA256.findall(tested[name])


def test_every_dependency_is_locked() -> None:
    """Each dependency of pyproject.toml, each tool and the build backend stand in their lock files."""
    groups = PROJECT["dependency-groups"]
    runtime = {_name(one) for one in PROJECT["project"]["dependencies"]}
    tools = {_name(one) for one in groups["dev"] if isinstance(one, str)}
    assert runtime <= _requirements(RUNTIME).keys()
    assert runtime | tools <= _requirements(DEVELOPMENT).keys()
    assert {_name(one) for one in groups["build"]} <= _requirements(BUILD).keys()
    assert PROJECT["build-system"]["requires"] == groups["build"]


def test_tools_of_development_stay_out_of_the_container() -> None:
    """The runtime lock holds nothing that only tests need."""
    runtime = {_name(one) for one in PROJECT["project"]["dependencies"]}
    tools = {_name(one) for one in PROJECT["dependency-groups"]["dev"] if isinstance(one, str)}
    assert not (tools - runtime) & _requirements(RUNTIME).keys()


@pytest.mark.parametrize("target", ["setup", "demo", "test", "bench", "soak"])
def test_the_makefile_keeps_its_targets(target: str) -> None:
    """People and CI call them by these names, and `make help` tells of each."""
    makefile = _read("Makefile")
    rule = re.search(rf"(?m)^{target}:.*$", makefile)
    assert rule
    assert "## " in rule[0]
    phony = re.search(r"(?m)^\.PHONY:(.*)$", makefile)
    assert phony
    assert target in phony[1].split()


def test_ci_runs_the_tests() -> None:
    """CI does what a contributor does: `make test`."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"(?m)^(exec )?make test\b", _read(".ci/run"))


def test_the_container_runs_as_a_fixed_user_without_rights() -> None:
    """USER is a number other than root's, so that an orchestrator can check it and a volume can name it."""
    user, group = _last("USER").split(":")
    assert int(user) >= 1000
    assert int(group) >= 1000


def test_the_container_is_healthy_when_it_makes_progress() -> None:
    """The health check asks the program, not whether a process exists."""
    assert '"wirewatch", "status", "--healthy"' in _last("HEALTHCHECK")


def test_signals_reach_the_program() -> None:
    """The list form starts no shell that would keep SIGTERM to itself."""
    assert _last("ENTRYPOINT") == '["wirewatch"]'
    assert _last("CMD") == '["run"]'


def _supported() -> list[int]:
    """The minor versions of Python that the classifiers name."""
    classifiers = "\n".join(PROJECT["project"]["classifiers"])
    return sorted(int(minor) for minor in re.findall(r"(?m)^Programming Language :: Python :: 3\.(\d+)$", classifiers))


def test_the_versions_of_python_agree() -> None:
    """What the classifiers, pip, the linter, the lock files and the Makefile take for the oldest is one version."""
    oldest, newest = _supported()[0], _supported()[-1]
    assert _supported() == list(range(oldest, newest + 1))
    assert PROJECT["project"]["requires-python"] == f">=3.{oldest}"
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py3{oldest}"
    assert f"--python-version 3.{oldest} " in _read("Makefile")
    assert f"sys.version_info < (3, {oldest})" in _read("Makefile")


def test_the_base_image_has_a_version_that_is_supported() -> None:
    """No `latest`: every stage names the same image, with the newest Python that the classifiers name."""
    images = {rest.split()[0] for word, rest in _instructions("Dockerfile") if word == "FROM"}
    assert len(images) == 1
    found = re.fullmatch(r"python:3\.(\d+)-slim-[a-z]+", images.pop())
    assert found
    assert int(found[1]) == _supported()[-1]


def test_every_environment_is_ignored() -> None:
    """`make VENV=.venv313` puts thousands of files beside ours: neither git nor the linter looks at them."""
    assert ".venv*/" in _read(".gitignore").splitlines()
    assert ".venv*" in PROJECT["tool"]["ruff"]["extend-exclude"]


def test_the_image_is_built_from_hashed_wheels_only() -> None:
    """Every pip call of the build either checks hashes or takes nothing from outside."""
    commands = [part for word, rest in _instructions("Dockerfile") if word == "RUN" for part in rest.split("&&")]
    calls = [command for command in commands if re.search(r"\bpip (install|wheel|download)\b", command)]
    assert calls
    for call in calls:
        hashed = "--require-hashes" in call and "--only-binary :all:" in call
        local = "--no-deps" in call and ("--no-index" in call or "--no-build-isolation" in call)
        assert hashed or local, call


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", ".dockerignore"])
def test_no_secret_stands_in_container_files(name: str) -> None:
    """A token comes as a file when the container starts, never in a layer or in a variable."""
    text = _read(name)
    assert not TOKEN.search(text)
    assert f"{PREFIX}TOKEN:" not in text
    assert f"{PREFIX}TOKEN=" not in text


def test_only_what_is_named_enters_the_image() -> None:
    """The build context is a list of what may enter: nothing private gets in by being forgotten."""
    rules = [line for line in _read(".dockerignore").splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        source
        for word, rest in _instructions("Dockerfile")
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)
    assert set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= copied


def test_compose_locks_the_container_down() -> None:
    """Read-only root, no capabilities, no new privileges, a limit of memory, the token as a secret file."""
    compose = _read("compose.yaml")
    for line in (
        "read_only: true",
        "cap_drop: [ALL]",
        '"no-new-privileges:true"',
        "mem_limit: ",
        "restart: unless-stopped",
        "- data:/data",
        f"{PREFIX}TOKEN_FILE: /run/secrets/token",
        "file: ./secrets/token",
    ):
        assert line in compose
    assert "privileged: true" not in compose


def test_the_token_file_cannot_be_committed() -> None:
    """The folder that compose.yaml takes the token from is ignored by git."""
    assert "/secrets/" in _read(".gitignore").splitlines()


def test_compose_leaves_time_to_stop() -> None:
    """The program needs up to ten seconds after SIGTERM; being killed before would be our own doing."""
    found = re.search(r"stop_grace_period: (\d+)s", _read("compose.yaml"))
    assert found
    assert int(found[1]) > 10


def test_compose_passes_every_setting_on() -> None:
    """What the operator sets reaches the program, and nothing is passed on that no setting reads."""
    passed = set(re.findall(rf"(?m)^ +{PREFIX}([A-Z_]+):", _read("compose.yaml")))
    assert passed == {name.upper() for name in Settings.model_fields} - NOT_PASSED_ON


def test_the_changelog_knows_the_version() -> None:
    """The version of pyproject.toml is released there, or something unreleased is."""
    headings = re.findall(r"(?m)^## \[([^\]]+)\]", _read("CHANGELOG.md"))
    assert {"Unreleased", PROJECT["project"]["version"]} & set(headings)
    assert "Unreleased" not in headings[1:]


def test_the_licence_is_the_one_named() -> None:
    """LICENSE is the text that pyproject.toml names."""
    assert PROJECT["project"]["license"] == "MIT AND CC-BY-SA-4.0"
    assert _read("LICENSE").startswith("MIT License\n\nCopyright (c) 2026 The Wirewatch authors\n")
