"""Roles: owner → admins → editors → users; nobody raises themselves, nobody locks out an owner."""

import pytest

from tests.fakes import MemoryStore
from tests.memory_roles import two_lists
from watchlists.errors import Refused, UnknownList, UnknownPerson
from watchlists.ports_roles import Grant
from watchlists.roles import SHARED, Role, Roles

OWNER, ADMIN, EDITOR, USER, OTHER = 1, 2, 3, 4, 5


@pytest.fixture
def store() -> MemoryStore:
    """An admin, and an editor of list 1."""
    made = MemoryStore()
    made.lists = two_lists()
    made.roles.rows = {Grant(ADMIN, None): OWNER, Grant(EDITOR, 1): ADMIN}
    return made


@pytest.fixture
def roles(store) -> Roles:
    return Roles(store, {OWNER})


def test_each_has_the_highest_role(roles, store):
    """An admin who also edits a list is an admin."""
    store.roles.add(Grant(ADMIN, 1), OWNER)
    found = [roles.role_of(user_id) for user_id in (OWNER, ADMIN, EDITOR, USER, 0)]
    assert found == [Role.OWNER, Role.ADMIN, Role.EDITOR, Role.USER, Role.USER]


def test_without_an_owner_nobody_has_a_role(store):
    """Also those who were given one: to empty the setting takes all of them away."""
    roles = Roles(store, frozenset())
    assert {roles.role_of(user_id) for user_id in range(6)} == {Role.USER}
    assert not any(roles.may_edit(user_id, 1) for user_id in range(6))


def test_editors_edit_their_list_and_admins_all(roles):
    """And nobody else any."""
    assert [roles.may_edit(EDITOR, number) for number in (1, 2)] == [True, False]
    assert all(roles.may_edit(user_id, number) for user_id in (OWNER, ADMIN) for number in (1, 2))
    assert not roles.may_edit(USER, 1)


def test_a_banned_person_has_no_role(roles, store):
    """Whatever stands in the table."""
    store.bans.add(ADMIN, OWNER, "")
    store.bans.add(EDITOR, OWNER, "")
    assert roles.role_of(ADMIN) is roles.role_of(EDITOR) is Role.USER
    assert not roles.may_edit(EDITOR, 1)


ADMINS = (OWNER, ADMIN)


@pytest.mark.parametrize("by", [OWNER, ADMIN, EDITOR, USER, 0])
@pytest.mark.parametrize("what", [None, 1])
@pytest.mark.parametrize("whom", [ADMIN, EDITOR, USER])
def test_who_may_give_and_take_which_role(roles, store, by, what, whom):
    """Owners all of them, admins those of editors, others none; whatever is refused changes nothing."""
    grant, before = Grant(whom, what), dict(store.roles.rows)
    may = by == OWNER or (by == ADMIN and what is not None)
    if may:
        roles.grant(by, grant)
        assert grant in store.roles.rows
        roles.revoke(by, grant)
        assert grant not in store.roles.rows
        return
    with pytest.raises(Refused):
        roles.grant(by, grant)
    if by != whom:
        with pytest.raises(Refused):
            roles.revoke(by, grant)
    assert store.roles.rows == before
    assert store.audit.rows == []


def test_nobody_touches_an_owner(roles, store):
    """Not the admins, and no owner: owners stand in the configuration."""
    for by in (OWNER, ADMIN):
        for act in (
            lambda by: roles.grant(by, Grant(OWNER, 1)),
            lambda by: roles.revoke(by, Grant(OWNER, None)),
            lambda by: roles.ban(by, OWNER, "x"),
            lambda by: roles.ban_again(by, OWNER),
        ):
            with pytest.raises(Refused):
                act(by)
    with pytest.raises(Refused, match="owner"):
        roles.only(OWNER)
    assert store.audit.rows == []


def test_an_owner_who_was_an_editor_is_an_owner(roles, store):
    """What stands in the table about an owner is nobody's to take away."""
    store.roles.rows[Grant(OWNER, 1)] = OWNER
    with pytest.raises(Refused, match="owner of this bot"):
        roles.revoke(ADMIN, Grant(OWNER, 1))
    assert Grant(OWNER, 1) in store.roles.rows


def test_a_role_may_be_laid_down(roles):
    """By whoever has it."""
    roles.revoke(ADMIN, Grant(ADMIN, None))
    assert roles.role_of(ADMIN) is Role.USER


def test_only_the_role_of_an_editor_has_a_list(roles):
    """Its slug is what is said of it."""
    assert (roles.grant(OWNER, Grant(USER, None)), roles.grant(OWNER, Grant(USER, 2))) == ("", "disasters")
    assert [slug for grant, slug in roles.all() if grant.user_id == USER] == ["", "disasters"]


@pytest.mark.parametrize(
    ("by", "whom", "may"),
    [
        (OWNER, ADMIN, True),
        (OWNER, USER, True),
        (ADMIN, USER, True),
        (ADMIN, EDITOR, True),
        (ADMIN, -100123, True),
        (ADMIN, ADMIN, False),
        (OWNER, OWNER, False),
        (EDITOR, USER, False),
        (USER, EDITOR, False),
    ],
)
def test_who_may_ban_whom(roles, store, by, whom, may):
    """Admins anybody but admins, owners anybody but owners, nobody themselves."""
    if may:
        assert roles.ban(by, whom, "spam").reason == "spam"
        roles.unban(by, whom)
        assert roles.ban_again(by, whom).reason == "spam"
    else:
        with pytest.raises(Refused):
            roles.ban(by, whom, "spam")
        assert store.bans.rows == {}


def test_admins_ban_no_other_admin(roles, store):
    """Or they could take the bot over while the owner sleeps."""
    store.roles.add(Grant(OTHER, None), OWNER)
    with pytest.raises(Refused):
        roles.ban(ADMIN, OTHER, "")
    assert roles.role_of(OTHER) is Role.ADMIN


def test_a_ban_takes_roles_away_and_its_end_gives_none_back(roles, store):
    """The record says which they were."""
    store.roles.add(Grant(ADMIN, 2), OWNER)
    roles.ban(OWNER, ADMIN, "left the team")
    roles.unban(OWNER, ADMIN)
    assert roles.role_of(ADMIN) is Role.USER
    assert store.audit.rows == [
        (OWNER, "ban", "2", {"roles_taken": ["admin", "editor disasters"]}, "left the team"),
        (OWNER, "unban", "2", {"banned_for": "left the team"}, ""),
    ]
    roles.ban_again(OWNER, ADMIN)
    assert store.audit.rows[2:] == [(OWNER, "ban", "2", {}, "left the team")]


def test_a_banned_person_is_given_no_role(roles, store):
    """First the ban has to end."""
    store.bans.add(USER, OWNER, "")
    with pytest.raises(Refused, match="unban"):
        roles.grant(OWNER, Grant(USER, None))


@pytest.mark.parametrize("whom", [0, -5, *SHARED])
def test_roles_are_for_persons(roles, whom):
    """Not for chats, and not for the ids under which many write."""
    with pytest.raises(UnknownPerson):
        roles.grant(OWNER, Grant(whom, None))


@pytest.mark.parametrize("whom", [0, *SHARED])
def test_ids_of_many_are_not_banned(roles, whom):
    """Else all anonymous administrators would be."""
    with pytest.raises(UnknownPerson):
        roles.ban(OWNER, whom, "")


def test_what_is_not_there_is_not_taken_away(roles):
    """A role, a ban, a list."""
    with pytest.raises(Refused):
        roles.revoke(OWNER, Grant(USER, None))
    with pytest.raises(Refused):
        roles.unban(OWNER, USER)
    with pytest.raises(UnknownList):
        roles.named(USER, "no-such-list")
    assert roles.ban_again(OWNER, USER) is None


def test_the_one_role_need_not_be_named(roles, store):
    """Of several it must be."""
    assert roles.only(EDITOR) == Grant(EDITOR, 1)
    with pytest.raises(Refused, match="no role"):
        roles.only(USER)
    store.roles.add(Grant(EDITOR, None), OWNER)
    with pytest.raises(Refused, match="admin, editor markets"):
        roles.only(EDITOR)


def test_each_change_is_recorded_once(roles, store):
    """Who, what, to whom; to give again what somebody has is no change."""
    roles.grant(ADMIN, Grant(USER, 1))
    roles.grant(ADMIN, Grant(USER, 1))
    roles.revoke(OWNER, Grant(USER, 1))
    assert store.audit.rows == [
        (ADMIN, "grant", "4", {"role": "editor markets"}, ""),
        (OWNER, "revoke", "4", {"role": "editor markets"}, ""),
    ]


@pytest.mark.parametrize("act", ["revoke", "ban"])
def test_what_an_admin_tells_all_stops_with_the_role(roles, store, act):
    """Nobody else has the button that stops it; what others tell goes on."""
    for by in (ADMIN, OWNER):
        store.broadcasts.start(store.broadcasts.draft(by, "x", 3).id)
    roles.revoke(OWNER, Grant(ADMIN, None)) if act == "revoke" else roles.ban(OWNER, ADMIN, "spam")
    assert [made.state for made in store.broadcasts.rows.values()] == ["stopped", "running"]


def test_nobody_becomes_an_editor_of_a_list_that_is_gone(roles, store):
    """Whoever edits any list may make lists: an old button must not bring that back."""
    with pytest.raises(UnknownList, match="#9"):
        roles.grant(OWNER, Grant(USER, 9))
    assert roles.role_of(USER) is Role.USER
