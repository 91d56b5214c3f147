"""The network is impossible beyond loopback, in tests and in the processes they start."""

import socket
import subprocess
import sys

import pytest

from tests.loopback_only import NetworkForbidden


def test_a_test_cannot_connect_to_another_machine() -> None:
    """A connection beyond loopback is refused before a packet leaves."""
    with socket.socket() as connection, pytest.raises(NetworkForbidden):
        connection.connect(("192.0.2.1", 80))


def test_a_test_cannot_look_up_a_name() -> None:
    """A name would ask a server on another machine."""
    with pytest.raises(NetworkForbidden):
        socket.getaddrinfo("example.com", 80)


def test_a_child_process_cannot_connect_either() -> None:
    """What a test starts is bound by the same rule."""
    code = "import socket; socket.socket().connect(('192.0.2.1', 80))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert child.returncode == 1
    assert "NetworkForbidden" in child.stderr


def test_loopback_works() -> None:
    """Servers of the tests can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
