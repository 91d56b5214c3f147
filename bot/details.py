"""What an item carries beside its text ↔ JSON, without what is empty; the form in which the database keeps it."""

import json
from datetime import datetime
from typing import Any

from watchlists.model import Details


def to_dict(details: Details) -> dict[str, Any]:
    """The fields that say something, as JSON values."""
    values = {
        "authors": list(details.authors),
        "categories": list(details.categories),
        "updated": details.updated.isoformat() if details.updated else None,
        "image": details.image,
        "enclosure": details.enclosure,
        "enclosure_type": details.enclosure_type,
    }
    return {name: value for name, value in values.items() if value}


def to_json(details: Details) -> str:
    """One line, or nothing for no details."""
    values = to_dict(details)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else ""


def from_json(text: str) -> Details:
    """The details of a line that `to_json` made."""
    if not text:
        return Details()
    values = json.loads(text)
    return Details(
        authors=tuple(values.get("authors", ())),
        categories=tuple(values.get("categories", ())),
        updated=datetime.fromisoformat(values["updated"]) if "updated" in values else None,
        image=values.get("image", ""),
        enclosure=values.get("enclosure", ""),
        enclosure_type=values.get("enclosure_type", ""),
    )
