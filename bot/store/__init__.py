"""The tables, one module per noun; `Store` is what one transaction may touch, and `Storage` runs transactions."""

from bot.store.storage import Storage
from bot.store.tables import Store

__all__ = ["Storage", "Store"]
