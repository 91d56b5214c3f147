"""Content codings of HTTP, undone within a limit.

1.8 KB of doubly gzipped zeros stand for gigabytes: so one coding at most, and little output at a time, so that
whoever takes it can wait for room between two chunks.
"""

import zlib
from collections.abc import Iterator

from watchlists.i18n import N_

_GZIP_MAGIC = b"\x1f"  # its first byte: the second may come with the next piece
_CODINGS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
ACCEPT_ENCODING = "gzip, deflate"
CHUNK = 65_536  # bytes that come out at a time


class TooLargeError(Exception):
    """More output than the limit."""


class CodingError(Exception):
    """A coding that is not read, or data that is not in the coding it claims; the text says which."""


class Decoder:
    """Takes the pieces of one body and gives its bytes, at most `limit` in all, before and after decoding."""

    def __init__(self, content_encoding: str, limit: int) -> None:
        self._coding = _single(content_encoding)
        self._limit = limit
        self._taken = 0
        self._given = 0
        self._started = False
        self._inflate = zlib.decompressobj(_CODINGS[self._coding]) if self._coding else None

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The bytes that `piece` decodes to, in chunks; raise `TooLargeError` or `CodingError`."""
        self._taken += len(piece)
        if self._taken > self._limit:
            raise TooLargeError
        for chunk in [piece] if self._inflate is None else self._decompress(self._inflate, piece):
            self._given += len(chunk)
            if self._given > self._limit:
                raise TooLargeError
            yield chunk

    def finish(self) -> None:
        """Raise `CodingError` where the compressed data ended too early: half a feed is not that feed."""
        if self._inflate is not None and self._started and not self._inflate.eof:
            raise CodingError(N_("its compressed data is cut short"))

    def _decompress(self, inflate: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
        if piece and not self._started:
            self._started = True
            if self._coding == "deflate" and piece[0] & 0x0F != zlib.DEFLATED:
                # RFC 9110 §8.4.1.2: some servers send the bare stream without its zlib wrapper.
                self._inflate = inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        chunk = b""
        while (piece or len(chunk) == CHUNK) and not inflate.eof:
            try:
                chunk = inflate.decompress(piece, CHUNK)
            except zlib.error:
                raise CodingError(N_("its data is not in the coding it claims")) from None
            yield chunk
            piece = inflate.unconsumed_tail
        if (inflate.unused_data or piece).startswith(_GZIP_MAGIC):
            raise CodingError(N_("its data is compressed in several parts"))


def _single(content_encoding: str) -> str:
    """The one coding of a Content-Encoding header, or nothing for none."""
    codings = [part.strip().lower() for part in content_encoding.split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if len(codings) > 1:
        raise CodingError(N_("it is compressed more than once"))
    if codings and codings[0] not in _CODINGS:
        raise CodingError(N_("it is compressed in a way that was not asked for"))
    return codings[0] if codings else ""
