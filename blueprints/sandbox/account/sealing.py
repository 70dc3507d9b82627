"""How property values are kept in the account: as JSON, with secrets as digests only.

The account never holds a secret, not even encrypted: whoever reads a value back has it (the engine sends the state
along) and the digest proves that it is still the same. Where nobody has it, a placeholder stands in.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from blueprints.sandbox.provider.values import Archive, Asset, Path, Secret, Unknown, is_list, is_map, seal

_SECRET = "$secret"  # noqa: S105 - a key in the stored JSON
_ASSET = "$asset"
_ARCHIVE = "$archive"


class Sealing:
    """Writes and reads stored values with one account's key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def dump(self, value: dict[str, Any], secret_paths: list[Path]) -> str:
        """JSON text in which what stands at `secret_paths` is a digest."""
        return json.dumps(self._store(seal(value, secret_paths)), separators=(",", ":"), sort_keys=True)

    def digest(self, value: Any) -> str:
        """What is kept in place of a secret value."""
        text = json.dumps(self._store(value), separators=(",", ":"), sort_keys=True)
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def _store(self, value: Any) -> Any:
        if is_map(value):
            return {key: self._store(item) for key, item in value.items()}
        if is_list(value):
            return [self._store(item) for item in value]
        if isinstance(value, Secret):
            return {_SECRET: self.digest(value.value)}
        if isinstance(value, Asset):
            return {_ASSET: value.content_hash()}
        if isinstance(value, Archive):
            return {_ARCHIVE: value.content_hash()}
        if isinstance(value, Unknown):
            return None
        return value

    def load(self, text: str, known: dict[str, Any] | None = None) -> dict[str, Any]:
        """The stored value, with secrets and files taken from `known` (plain) where they are still the same."""
        return self._restore(json.loads(text), known or {})

    def _restore(self, stored: Any, known: Any) -> Any:
        if is_map(stored):
            if len(stored) == 1:
                (key, digest), *_ = stored.items()
                if key == _SECRET:
                    same = known is not None and self.digest(known) == digest
                    return Secret(known if same else f"sandbox-secret-{str(digest)[:12]}")
                if key == _ASSET:
                    same = isinstance(known, Asset) and known.content_hash() == digest
                    return known if same else Asset(text=f"sandbox asset {digest}", hash=str(digest))
                if key == _ARCHIVE:
                    same = isinstance(known, Archive) and known.content_hash() == digest
                    return known if same else Archive(assets={}, hash=str(digest))
            return {key: self._restore(item, known.get(key) if is_map(known) else None) for key, item in stored.items()}
        if is_list(stored):
            others: list[Any] = known if is_list(known) else []
            return [self._restore(item, others[i] if i < len(others) else None) for i, item in enumerate(stored)]
        return stored
