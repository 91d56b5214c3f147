"""Content codings: little comes out at a time, and never more than the limit."""

import gzip
import zlib

import pytest

from bot.decode import CHUNK, CodingError, Decoder, TooLargeError


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("", bytes), ("identity", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)],
)
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, 3 * CHUNK])
@pytest.mark.parametrize("cut", [1, 1_000, 10**9])
def test_what_was_packed_comes_out_however_it_is_cut(coding: str, pack, size: int, cut: int) -> None:
    """The pieces in which a body arrives do not matter."""
    body = (b"news " * size)[:size]
    packed = pack(body)
    decoder = Decoder(coding, 10 * CHUNK)
    out = b"".join(b"".join(decoder.feed(packed[at : at + cut])) for at in range(0, len(packed), cut))
    decoder.finish()
    assert out == body


def test_a_bomb_comes_out_in_small_chunks_up_to_the_limit() -> None:
    """20 MB of zeros in one piece: whoever takes the chunks holds one at a time, and the limit ends it."""
    sizes = []
    chunks = Decoder("gzip", 1_000_000).feed(gzip.compress(bytes(20_000_000)))
    with pytest.raises(TooLargeError):
        sizes.extend(map(len, chunks))
    assert max(sizes) <= CHUNK
    assert 1_000_000 - CHUNK < sum(sizes) <= 1_000_000


@pytest.mark.parametrize("extra", [gzip.compress(b"more", mtime=0), b"\x1f\x8b"])
@pytest.mark.parametrize("together", [True, False])
def test_a_second_part_is_refused_wherever_it_begins(extra: bytes, together: bool) -> None:
    """In the same piece or in the next."""
    first, decoder = gzip.compress(b"news", mtime=0), Decoder("gzip", 100)
    pieces = [first + extra] if together else [first, extra[:1], extra[1:]]
    with pytest.raises(CodingError, match="several parts"):
        b"".join(chunk for piece in pieces for chunk in decoder.feed(piece))
