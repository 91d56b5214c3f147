"""What a benchmark gives back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measurement: how often a second we do it, and how often the named baseline does."""

    what: str
    ours: float
    unit: str
    baseline: str
    theirs: float

    @property
    def ratio(self) -> float:
        """More than 1: faster than the baseline."""
        return self.ours / self.theirs
