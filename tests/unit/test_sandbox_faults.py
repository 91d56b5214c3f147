"""Faults on request, updates and files: the parts of the sandbox that stand alone."""

import random

import pytest

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import Upload, new_file, picture_size
from bot.sandbox.parameters import METHODS, method_named, read
from bot.sandbox.refusals import ApiError
from bot.sandbox.updates import UpdateQueue

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x05\x00\x07\x01\x01\x11\x00"


def test_a_fault_meets_the_calls_it_is_for_and_as_often_as_said():
    """Method, chat and number of times; the oldest that fits goes first."""
    faults = Faults()
    faults.forbidden(chat_id=7, times=2)
    faults.bad_gateway(method="editMessageText")
    met = [
        faults.take(method, chat)
        for method, chat in [
            ("sendMessage", 8),
            ("sendMessage", 7),
            ("editMessageText", 8),
            ("editMessageText", 7),
            ("sendMessage", 7),
        ]
    ]
    assert [fault and fault.kind for fault in met] == [None, "refuse", "page", "refuse", None]


def test_get_updates_is_spared_unless_named():
    """A fault for any call does not fall into the poll that is always there."""
    faults = Faults()
    faults.drop()
    assert faults.take("getUpdates", None) is None
    faults.drop(method="getUpdates")
    assert faults.take("getUpdates", None).kind == "drop"


def test_a_fault_without_end_stays_until_cleared():
    """`times=None` is for ever."""
    faults = Faults()
    faults.delay(1.0, times=None)
    assert all(faults.take("sendMessage", 1) for _ in range(10))
    faults.clear()
    assert faults.take("sendMessage", 1) is None


def test_a_seeded_chooser_makes_a_mix():
    """The same seed gives the same trouble."""

    def mix(seed):
        faults = Faults()
        chance = random.Random(seed)
        faults.chooser = lambda method, chat: Fault("drop") if chance.random() < 0.5 else None
        return [faults.take("sendMessage", 1) is not None for _ in range(20)]

    assert mix(1) == mix(1) != mix(2)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_updates_stay_until_a_higher_offset_confirms_them():
    """Asking twice gives the same; an offset forgets what is below it."""
    queue = UpdateQueue(Clock(), first_id=10)
    for text in "abc":
        queue.push("message", {"text": text})
    assert [update["update_id"] for update in queue.peek(2)] == [10, 11] == [u["update_id"] for u in queue.peek(2)]
    queue.confirm(12)
    assert [update["message"] for update in queue.peek(9)] == [{"text": "c"}]


def test_a_negative_offset_keeps_the_newest():
    """-1 is the last one, and the others are forgotten."""
    queue = UpdateQueue(Clock(), first_id=10)
    for text in "abc":
        queue.push("message", {"text": text})
    queue.confirm(-1)
    assert len(queue) == 1


def test_updates_are_kept_for_a_day():
    """After 24 hours they are gone."""
    clock = Clock()
    queue = UpdateQueue(clock)
    queue.push("message", {})
    clock.now += 86401
    assert queue.peek(9) == []


def test_kinds_that_were_not_asked_for_are_not_queued():
    """The default leaves out chat_member; a list names all that is wanted; it sticks."""
    queue = UpdateQueue(Clock())
    assert queue.push("chat_member", {}) is None
    queue.allow(["chat_member"])
    assert queue.push("message", {}) is None
    assert queue.push("chat_member", {}) is not None
    assert queue.push_raw({"anything": 1}) is not None


def test_the_size_of_a_picture_is_read_from_its_bytes():
    """PNG and JPEG are pictures; text is none."""
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x03\x00\x00\x00\x04"
    assert picture_size(png) == (3, 4)
    assert picture_size(JPEG) == (7, 5)
    assert picture_size(b"\xff\xd8\xff\xe0\x00\x04ab") is None
    assert new_file(1, "photo", Upload("x.txt", b"text")) is None


def test_methods_are_found_in_any_case():
    """As the real server does."""
    assert method_named("SENDMESSAGE") == "sendMessage"
    assert method_named("sendPoll") is None


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"chat": 1}, 'method sendMessage has no parameter "chat"'),
        ({"chat_id": "ann"}, 'parameter "chat_id" must be an Integer'),
        ({"chat_id": True}, 'parameter "chat_id" must be an Integer'),
        ({"message_thread_id": 1.5}, 'parameter "message_thread_id" must be an Integer'),
        ({"text": 5}, 'parameter "text" must be a String'),
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"disable_notification": "maybe"}, 'parameter "disable_notification" must be a Boolean'),
        ({"reply_markup": "[]"}, 'parameter "reply_markup" must be an Object'),
        ({"reply_markup": "{"}, 'parameter "reply_markup" must be valid JSON'),
    ],
)
def test_a_wrong_parameter_is_refused(given, reason):
    """Unknown names and wrong types are errors, not silence."""
    with pytest.raises(ApiError) as caught:
        read("sendMessage", given, {})
    assert caught.value.description == f"Bad Request: {reason}"


def test_text_and_json_values_become_the_same():
    """A form carries everything as text, JSON has types."""
    as_text = {"chat_id": "-5", "disable_notification": "True", "reply_markup": '{"remove_keyboard": true}'}
    as_json = {"chat_id": -5, "disable_notification": True, "reply_markup": {"remove_keyboard": True}, "text": None}
    assert read("sendMessage", as_text, {}) == read("sendMessage", as_json, {})


def test_uploads_come_under_their_name_or_attached():
    """A file may be the parameter itself or named by attach://."""
    upload = Upload("a.txt", b"x")
    assert read("sendDocument", {"chat_id": 1}, {"document": upload})["document"] is upload
    assert read("sendDocument", {"document": "attach://f"}, {"f": upload}) == {"document": upload}
    assert read("sendDocument", {"document": "some-id"}, {}) == {"document": "some-id"}
    for given, uploads in [({"document": "attach://g"}, {}), ({}, {"stray": upload}), ({"document": 5}, {})]:
        with pytest.raises(ApiError):
            read("sendDocument", given, uploads)
    with pytest.raises(ApiError):
        read("getUpdates", {"allowed_updates": "{}"}, {})


def test_every_method_can_be_called_without_parameters_that_are_optional():
    """Reading nothing never fails; what is required each method says itself."""
    assert all(read(method, {}, {}) == {} for method in METHODS)
