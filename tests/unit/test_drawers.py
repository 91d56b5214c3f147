"""Drawers of the index: what is filed can be taken out, and leaves no trace."""

from hypothesis import given
from hypothesis import strategies as st

from watchlists.drawers import Drawer

MOVES = st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), max_size=30)


@given(MOVES)
def test_a_drawer_holds_what_was_put_and_not_taken(moves):
    """Twice put is once there, what is not there is not taken, and `seconds` are the numbers of what is filed."""
    drawer, held = Drawer(0), set()
    for puts, second, key in moves:
        (drawer.put if puts else drawer.take)(second, key)
        (held.add if puts else held.discard)((second, key))
        filed = {
            (number, each)
            for number, there in drawer.filed.items()
            for each in (there if isinstance(there, set) else {there})
        }
        assert filed == held
        assert sorted(drawer.seconds) == sorted(drawer.filed)
