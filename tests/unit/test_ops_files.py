"""What operators get ready-made fits the program that it comes with."""

import json
import re
import shutil
import subprocess
import sys
from importlib.resources import files

import pytest

from bot.__main__ import main
from bot.config import Settings
from bot.db import Database
from bot.metrics import Metrics
from bot.verbs.ops import FILES

OPS = files("bot") / "ops"


def read(name: str) -> str:
    return (OPS / FILES[name]).read_text(encoding="utf-8")


def names() -> set[str]:
    """The names of all samples that the program may give, and of the process itself."""
    found = set()
    for family in Metrics()._registry.collect():
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(family.type, [""])
        found |= {family.name + ending for ending in endings}
    return found


@pytest.mark.parametrize("name", ["alerts", "grafana"])
def test_dashboard_and_rules_ask_for_figures_that_there_are(name):
    """A panel that stays empty, or a rule that never fires, says that all is well when it is not."""
    asked = set(re.findall(r"\b(?:wirewatch|process)_[a-z_]+", read(name)))
    assert len(asked) > 8
    assert asked <= names() | {"process_start_time_seconds"}


def test_the_dashboard_is_json_whose_panels_do_not_overlap():
    """Grafana imports it as it is."""
    dashboard = json.loads(read("grafana"))
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard["panels"]}
    assert len(places) == len(dashboard["panels"]) > 8
    assert all(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_printed_as_it_is(name, capsys):
    """For a redirection into its place."""
    assert main(["ops", name]) == 0
    assert capsys.readouterr().out == read(name)


def test_no_file_is_left_out():
    """What lies there can be printed."""
    assert sorted(FILES.values()) == sorted(file.name for file in OPS.iterdir())


def test_the_service_is_one_that_systemd_takes(tmp_path):
    """Where systemd is there to ask; the path of the program is this interpreter's, since it looks for it."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze here")
    unit = tmp_path / "wirewatch.service"
    unit.write_text(read("systemd").replace("/opt/wirewatch/bin/wirewatch", sys.executable))
    done = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_names_settings_that_there_are():
    """A typing error there would be found out by nobody."""
    named = set(re.findall(r"WIREWATCH_([A-Z_]+)=", read("systemd")))
    assert named <= {name.upper() for name in Settings.model_fields}
    assert {"TOKEN_FILE", "DATABASE", "BACKUPS"} <= named


def test_the_database_is_as_replication_wants_it(tmp_path):
    """What the file for Litestream says of it."""
    database = Database.open(tmp_path / "wirewatch.db")
    settings = {
        name: database._thread.submit(lambda name=name: database._connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("journal_mode", "busy_timeout", "wal_autocheckpoint", "synchronous")
    }
    found = {name: value.result() for name, value in settings.items()}
    database.close()
    assert found == {"journal_mode": "wal", "busy_timeout": 5000, "wal_autocheckpoint": 1000, "synchronous": 2}
    assert all(name in read("litestream") for name in found)
