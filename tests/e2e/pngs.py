"""A screenshot as a PNG of 256 colours, a third as large: enough for letters on a few plain grounds."""

import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator

_HEAD = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}  # by colour type: RGB, RGBA
_MOST = 256
Colour = tuple[int, int, int]


def _paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((abs(near - left), 0, left), (abs(near - up), 1, up), (abs(near - corner), 2, corner))[2]


# How each row was foretold from its neighbours (PNG, third edition, 9.2).
_FILTERS: tuple[Callable[[int, int, int], int], ...] = (
    lambda left, up, corner: 0,
    lambda left, up, corner: left,
    lambda left, up, corner: up,
    lambda left, up, corner: (left + up) // 2,
    _paeth,
)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_HEAD)
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _rows(data: bytes, stride: int, step: int) -> Iterator[bytearray]:
    above = bytearray(stride)
    for at in range(0, len(data), stride + 1):
        foretold, row = _FILTERS[data[at]], bytearray(data[at + 1 : at + 1 + stride])
        for place in range(stride):
            left, corner = (row[place - step], above[place - step]) if place >= step else (0, 0)
            row[place] = (row[place] + foretold(left, above[place], corner)) & 255
        yield row
        above = row


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def indexed(png: bytes) -> bytes:
    """The same picture with 256 of its colours; each other pixel takes the nearest of them."""
    parts = list(_chunks(png))
    head = parts[0][1]
    width, height, step = *struct.unpack(">II", head[:8]), _CHANNELS[head[9]]
    data = zlib.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"))
    rows = [
        [(row[at], row[at + 1], row[at + 2]) for at in range(0, width * step, step)]
        for row in _rows(data, width * step, step)
    ]
    counted = Counter(colour for row in rows for colour in row)
    palette = _palette([colour for colour, _ in counted.most_common()])
    place = {colour: _nearest(colour, palette) for colour in counted}
    body = b"".join(b"\0" + bytes(place[colour] for colour in row) for row in rows)
    return b"".join(
        (
            _HEAD,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(bytes(colour) for colour in palette)),
            _chunk(b"IDAT", zlib.compress(body, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _palette(frequent: list[Colour]) -> list[Colour]:
    """The most frequent of each of 512 kinds of colour, so that emoji keep theirs, then the most frequent of all."""
    kinds = {tuple(part >> 5 for part in colour): colour for colour in reversed(frequent)}
    return list(dict.fromkeys([*kinds.values(), *frequent]))[:_MOST]


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    def distance(at: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colour, palette[at], strict=True))

    return min(range(len(palette)), key=distance)
