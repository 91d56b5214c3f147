"""Imported by every Python process that a test starts: the same rule as in the tests themselves."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests import loopback_only

loopback_only.install()
sys.path.pop(0)
