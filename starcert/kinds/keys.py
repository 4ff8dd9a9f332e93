"""Keys: SSH public keys that sign."""

from dataclasses import dataclass
from typing import Any

from starcert.kinds.texts import Text
from starcert.parsing import UNREAD, Reading
from starcert.sshkey import TYPES, NoKey, ssh_key
from starcert.yamlfile import Node

MOST_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An SSH public key on one line: its type and its base64. What was found is never quoted: it could be secret."""

    def take(self, text: str) -> Any:
        return UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD:
            return UNREAD
        if not text.strip():
            return Text().read(node, key, reading)
        try:
            return ssh_key(text)
        except NoKey as told:
            return reading.refuse(node, "public_key", f"{key} is {told}")

    def schema(self) -> dict[str, Any]:
        types = "|".join(type.replace(".", r"\.") for type in TYPES)
        return {"type": "string", "maxLength": MOST_CHARACTERS, "pattern": f"^({types}) [A-Za-z0-9+/]+={{0,2}}$"}
