"""Where watches are filed: under two ideas that every hit of theirs meets, in the drawer of the rarer one."""

from array import array


class Drawer:
    """What is filed under an idea as the rarer of two: the number of the other's drawer → keys of watches.

    `seconds` has the same numbers side by side: an item goes through those of hundreds of drawers, and what lies
    scattered over the memory takes longer to fetch than to compare. `uses` counts the ideas that need the drawer.
    """

    __slots__ = ("filed", "number", "seconds", "uses")

    def __init__(self, number: int) -> None:
        self.number = number
        self.uses = 0
        self.filed: dict[int, int | set[int]] = {}
        self.seconds = array("I")

    def put(self, second: int, key: int) -> None:
        """Files a watch; one that is there already is no error."""
        there = self.filed.get(second)
        if there is None:
            self.filed[second] = key
            self.seconds.append(second)
        elif isinstance(there, set):
            there.add(key)
        elif there != key:
            self.filed[second] = {there, key}

    def take(self, second: int, key: int) -> None:
        """Takes a watch out; one that is not there is no error."""
        there = self.filed.get(second)
        if isinstance(there, set):
            there.discard(key)
        if there in (key, set()):
            del self.filed[second]
            self.seconds.remove(second)
