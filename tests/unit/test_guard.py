"""The laws of the gate: only the public internet, only the usual ports, and exact exceptions."""

import asyncio
import gc
import ipaddress
import socket
import threading
from collections.abc import Sequence

import httpcore
import pytest

from bot.guard import Guard, RefusedError, is_public
from bot.resolver import Resolver, UnresolvedError
from bot.transport import GuardedBackend
from tests.fakes import until

PUBLIC = [
    *("93.184.215.14", "1.1.1.1", "223.255.255.254", "192.0.1.1", "172.32.0.1", "100.128.0.1"),
    *("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001:82a::200e", "2001:200::1", "2003::1"),
    "2c0f:fb50::1",
]
NOT_PUBLIC = [
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255", "169.254.169.254"),
    *("168.63.129.16", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
    "255.255.255.255",
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1"),
    *("2002:7f00:1::", "2002:c0a8:1::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2606:4700::1%eth0"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    """What the registries give out as global unicast may be connected to."""
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_special_addresses_do_not_pass(address: str) -> None:
    """Private, local, documentation, multicast, metadata, embedded and unassigned addresses are refused."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://feeds.example.org/rss",
        "  https://example.org:8443/?q=1 ",
        "http://example.org:8080/",
        "http://example.org./a",
        "https://пример.рф/лента",
        "http://93.184.215.14/",
        "http://[2606:2800:21f::1]/feed",
    ],
)
def test_usual_addresses_pass(url: str) -> None:
    """http and https on the four usual ports, with a name or a public address."""
    assert Guard().check_url(url).host


TRICKS = [
    *("", "example.org", "//example.org/", "http:example.org", "http://", "https:///x", "nonsense with spaces"),
    *(
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "feed://example.org/",
        "data:text/xml,<rss/>",
    ),
    *("javascript:alert(1)", "jar:http://example.org!/", "unix:///run/docker.sock", "dict://127.0.0.1:11211/stats"),
    *("http://user@example.org/", "http://user:secret@example.org/", "http://example.org@127.0.0.1/"),
    *("http://example.org:22/", "http://example.org:0/", "http://example.org:6379/", "https://example.org:65536/"),
    *("http://example.org:-1/", "http://example.org:80:80/", "http://example.org:8o/"),
    *(
        "http://127.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0.1./",
        "http://0/",
        "http://0.0.0.0:8080/",
    ),
    *("http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/"),
    *("http://127.0.0.1.:8080/", "http://0x/", "http://1.1.1.1.1/", "http://256.1.1.1/", "http://1.1.1.0x1/"),
    *(
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://127.0.0.1%2f@example.org/",
        "http://127.0.0.1%00.example.org/",
    ),
    *(
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[0:0:0:0:0:0:0:1]/",
    ),
    *("http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1%25eth0]/", "http://[::1%25lo]/"),
    *("http://[fd00:ec2::254]/latest/", "http://[::1", "http://[v1.x]/", "http://::1/", "http://[127.0.0.1]/"),
    *("http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/", "http://192.168.1.1:8080/"),
    *("http://exa mple.org/", "http://example.org\\@127.0.0.1/", "http://example.org\t.evil/", "http://exam\nple.org/"),
    *("http://.example.org/", "http://example..org/", "http://*.example.org/", "http://exa%6dple.org/", "http://$IFS/"),
    *("http://\ud800.org/", "http://\u202eexample.org/", "http://\x00/", "h\x00ttp://example.org/"),
]


@pytest.mark.parametrize("url", TRICKS, ids=ascii)
def test_tricks_are_refused_before_any_lookup(url: str) -> None:
    """No spelling of an address that is not public, and no odd scheme, port or host, gets past the first look."""
    with pytest.raises(RefusedError, match=r"\.$"):
        Guard().check_url(url)


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://10.0.0.5/feed", "10.0.0.5:80"),
        ("https://[::1]/feed", "[::1]:443"),
        ("http://Feeds.lan:9000/", "feeds.lan:9000"),
    ],
)
def test_a_refusal_tells_the_operator_what_would_lift_it(url: str, entry: str) -> None:
    """The setting and the very entry: with it the gate opens, for this host and port."""
    with pytest.raises(RefusedError, match="WIREWATCH_ALLOW_PRIVATE_FEEDS") as caught:
        Guard().check_url(url)
    assert f" add {entry} to " in str(caught.value)
    assert Guard([entry]).check_url(url)


def test_the_operators_list_is_exact() -> None:
    """`host:port` as written lifts the checks for itself and for nothing that only means the same."""
    guard = Guard(["127.0.0.1:9001", "[::1]:9002", "Intranet:80"])
    for url in ("http://127.0.0.1:9001/a", "http://[::1]:9002/", "http://intranet/feed", "http://INTRANET:80/"):
        assert guard.check_url(url)
    for url in ("http://127.0.0.1:9002/", "http://127.1:9001/", "http://[::1]:9001/", "http://[::ffff:7f00:1]:9001/"):
        with pytest.raises(RefusedError):
            guard.check_url(url)
    for host, port in (("localhost", 9001), ("intranet", 443), ("127.0.0.1", 80)):
        assert not guard.is_allowed(host, port)


def resolving(*answers: str) -> Guard:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return answers

    return Guard(["intranet:80"], resolve=resolve)


async def test_every_answer_must_be_public() -> None:
    """One private address among public ones refuses the name."""
    assert await resolving("1.1.1.1", "2606:4700::1").addresses("a.example", 80) == ["1.1.1.1", "2606:4700::1"]
    with pytest.raises(RefusedError):
        await resolving("1.1.1.1", "10.0.0.1").addresses("a.example", 80)


async def test_an_allowed_name_may_be_private() -> None:
    """The operator's host resolves wherever it resolves, on its own port only."""
    assert await resolving("10.0.0.1").addresses("intranet", 80) == ["10.0.0.1"]
    with pytest.raises(RefusedError):
        await resolving("10.0.0.1").addresses("intranet", 8080)


async def test_a_name_without_an_address_is_unresolved() -> None:
    """No answer is an error of its own."""
    with pytest.raises(UnresolvedError):
        await resolving().addresses("a.example", 80)


async def test_the_resolver_answers_literals_and_says_what_it_cannot_find() -> None:
    """The real resolver, as far as it needs no network."""
    assert await Resolver().lookup("127.0.0.1", 80) == ["127.0.0.1"]
    with pytest.raises(UnresolvedError):
        await Resolver().lookup("a" * 64 + ".example", 80)


async def test_a_name_that_fails_after_everybody_has_gone_is_no_error(caplog):
    """The system answers when it likes; who asked has waited long enough."""
    hung = threading.Event()

    def look_up(_host: str, _port: int) -> list[str]:
        hung.wait(5)
        raise OSError("no such name")

    resolver = Resolver(look_up=look_up)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(resolver.lookup("slow.example", 80), 0.01)
    hung.set()
    await until(lambda: not resolver._asked)
    gc.collect()
    assert "never retrieved" not in caplog.text


class NameServer:
    """Blocks the thread that asks until it is told to go on."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = threading.Event()

    def look_up(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        self.go.wait()
        if host == "bad.example":
            raise OSError("no such name")
        return ["1.1.1.1"]


async def test_a_name_is_looked_up_once_at_a_time() -> None:
    """A hundred feeds of a host whose name server hangs hold one thread; all get its answer."""
    server = NameServer()
    resolver = Resolver(look_up=server.look_up)
    asking = [asyncio.create_task(resolver.lookup("a.example", 80)) for _ in range(100)]
    asking[0].cancel()
    await until(lambda: server.asked == ["a.example"])
    server.go.set()
    assert await asyncio.gather(*asking[1:]) == [["1.1.1.1"]] * 99
    assert await resolver.lookup("a.example", 80) == ["1.1.1.1"]
    assert server.asked == ["a.example"] * 2


async def test_with_all_threads_waiting_further_names_wait() -> None:
    """Hanging lookups are bounded in number; nobody is refused for it, and given up lookups give their place back."""
    server = NameServer()
    resolver = Resolver(limit=2, look_up=server.look_up)
    names = ["a.example", "bad.example", "c.example", "c.example"]
    asking = [asyncio.create_task(resolver.lookup(name, 80)) for name in names]
    await until(lambda: len(server.asked) == 2)
    asking[0].cancel()
    server.go.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == ["CancelledError", "UnresolvedError", "list", "list"]
    assert await resolver.lookup("d.example", 80) == ["1.1.1.1"]


class Network(httpcore.AsyncNetworkBackend):
    """A network where only some addresses answer."""

    def __init__(self, *alive: str) -> None:
        self.alive = alive
        self.tried: list[str] = []

    async def connect_tcp(self, host: str, port: int, *args: object, **options: object) -> httpcore.AsyncNetworkStream:
        self.tried.append(host)
        if host not in self.alive:
            raise httpcore.ConnectError("no answer")
        return httpcore.AsyncMockStream([])


async def test_connections_go_to_the_next_address_when_one_is_dead() -> None:
    """A host with a dead IPv6 address is reached by its IPv4 address, and by number, not by name."""
    network = Network("1.1.1.1")
    await GuardedBackend(resolving("2606:4700::1", "1.1.1.1"), network).connect_tcp("a.example", 443)
    assert network.tried == ["2606:4700::1", "1.1.1.1"]


async def test_a_host_that_is_dead_everywhere_is_tried_four_times() -> None:
    """A long list of dead addresses does not eat the time of the fetch."""
    network = Network()
    guard = resolving(*(f"1.1.1.{n}" for n in range(1, 9)))
    with pytest.raises(httpcore.ConnectError):
        await GuardedBackend(guard, network).connect_tcp("a.example", 443)
    assert len(network.tried) == 4


async def test_nothing_is_connected_to_before_all_is_checked() -> None:
    """A refused host gets no connection, not even to its public address."""
    network = Network("1.1.1.1")
    with pytest.raises(RefusedError):
        await GuardedBackend(resolving("1.1.1.1", "::1"), network).connect_tcp("a.example", 443)
    assert network.tried == []


def test_names_of_this_machine_are_no_way_in() -> None:
    """What the system itself calls loopback is refused after the lookup."""
    found = {entry[4][0] for entry in socket.getaddrinfo("localhost", 80)}
    assert not any(is_public(ipaddress.ip_address(address)) for address in found)
