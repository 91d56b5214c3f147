"""Pictures and documents: what was sent, by whom it can be fetched again, and how large a picture is."""

import mimetypes
from dataclasses import dataclass
from typing import Literal

FileKind = Literal["photo", "document"]
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # the Bot API lets a bot download no more


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request, or one that a person sends."""

    name: str
    data: bytes
    mime: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A stored file. `path` is what getFile names and the download URL ends in."""

    id: str
    kind: FileKind
    name: str
    mime: str
    data: bytes
    width: int = 0
    height: int = 0

    @property
    def unique_id(self) -> str:
        """The same for every bot, and of no use for fetching."""
        return f"u{self.id}"

    @property
    def path(self) -> str:
        """Where it can be downloaded, relative to the token."""
        suffix = self.name.rpartition(".")[2] if "." in self.name else "bin"
        return f"{self.kind}s/{self.id}.{suffix}"

    def message_json(self) -> dict[str, object]:
        """The field of a message that holds it."""
        body: dict[str, object] = {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }
        if self.kind == "photo":
            return {"photo": [{**body, "width": self.width, "height": self.height}]}
        return {"document": {**body, "file_name": self.name, "mime_type": self.mime}}

    def to_json(self) -> dict[str, object]:
        """As `File`, the answer of getFile."""
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
            "file_path": self.path,
        }


def new_file(number: int, kind: FileKind, upload: Upload) -> File | None:
    """A file from its bytes; None where a picture is no picture."""
    mime = upload.mime or mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    name = upload.name or "file"
    if kind == "document":
        return File(f"SANDBOX-document-{number}", kind, name, mime, upload.data)
    size = picture_size(upload.data)
    return File(f"SANDBOX-photo-{number}", kind, name, mime, upload.data, *size) if size else None


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, or None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # start of frame
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
