"""Makes the network impossible beyond loopback, in this process and, through `sitecustomize`, in its children.

An audit hook sees every connection and every look-up of a name that Python code makes, whatever library asks.
"""

import ipaddress
import sys


class NetworkForbidden(RuntimeError):
    """A test tried to leave the machine."""


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise NetworkForbidden(f"tests may not connect to {address[0]}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not _is_local(arguments[0]):
        raise NetworkForbidden(f"tests may not look up {arguments[0]!r}")


def install() -> None:
    """Forbid it from now on; an audit hook cannot be removed."""
    sys.addaudithook(_hook)
