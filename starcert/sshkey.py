"""SSH public keys as one line holds them: a type and a base64 text (RFC 4253, RFC 5656, RFC 8709; FIDO keys too)."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

RSA_BITS = 3072
MAKE_ONE = "make one with ssh-keygen -t ed25519"
PRIVATE = ("PRIVATE KEY-----", "PuTTY-User-Key-File")
NEW_PAIR = "make a new pair with ssh-keygen -t ed25519, since this one has been seen"
NOT_BASE64 = "damaged, something in it is missing or changed: copy the line of the .pub file again"


class NoKey(ValueError):
    """A text is no key that may sign; its words go on from 'key is …' and say what to write."""


@dataclass(frozen=True, slots=True)
class SshKey:
    """A public key; `base64` is its blob, which begins with the type again."""

    type: str
    base64: str

    @property
    def fingerprint(self) -> str:
        """As ssh-keygen and git show it: SHA256:…"""
        return fingerprint(base64.b64decode(self.base64))

    def __str__(self) -> str:
        return f"{self.type} {self.base64}"


def fingerprint(blob: bytes) -> str:
    """What ssh-keygen calls the key in a blob."""
    return "SHA256:" + base64.b64encode(sha256(blob).digest()).decode().rstrip("=")


def ssh_key(text: str) -> SshKey:
    """The key that a line says; NoKey when it is none that may sign."""
    if any(mark in text for mark in PRIVATE):
        raise NoKey(f"a private key, which nobody else may ever see: {NEW_PAIR}, and write the line of its .pub file")
    if "BEGIN SSH2 PUBLIC KEY" in text:
        raise NoKey("written in another form: turn its file into one line with ssh-keygen -i -f FILE")
    type, _, rest = text.partition(" ")
    _refuse_type(type, rest.split())
    if any(char.isspace() for char in rest):
        raise NoKey(_said_of_more(type, rest.split()))
    blob = _decoded(rest)
    _refuse_blob(type, Wire(blob))
    return SshKey(type, rest)


def _refuse_type(type: str, others: list[str]) -> None:
    if type in TYPES:
        return
    if type == "ssh-dss":
        raise NoKey(f"a DSA key, which is safe no more: {MAKE_ONE}")
    if "-cert-v0" in type:
        raise NoKey("a certificate of a key: write the key itself, the line of the .pub file without -cert in its name")
    if any(word in TYPES for word in others):
        raise NoKey("written after options: delete what stands before the type of the key")
    raise NoKey("no SSH public key: write the line of the .pub file, such as ssh-ed25519 AAAAC3Nz…")


def _said_of_more(type: str, words: list[str]) -> str:
    """What is wrong with a key that spaces follow or break."""
    try:
        _refuse_blob(type, Wire(_decoded("".join(words))))
    except NoKey:
        return "followed by a comment: end the line with the key, and say whose it is under holder"
    return "broken over several lines: write it on one, with no space but the one after its type"


def _decoded(text: str) -> bytes:
    try:
        blob = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        raise NoKey(NOT_BASE64) from None
    if base64.b64encode(blob).decode() != text:
        raise NoKey(NOT_BASE64)
    return blob


def _refuse_blob(type: str, wire: "Wire") -> None:
    try:
        inner = wire.text()
        if inner != type.encode():
            raise NoKey(f"said to be {type}, but is another kind of key: copy the line of the .pub file again")
        TYPES[type](wire)
        wire.end()
    except EOFError:
        raise NoKey(NOT_BASE64) from None


@dataclass(slots=True)
class Wire:
    """Bytes in SSH's own form (RFC 4251, section 5), read from the front; EOFError where they are not as expected."""

    rest: bytes

    def take(self, count: int) -> bytes:
        """The next so many bytes."""
        if count > len(self.rest):
            raise EOFError
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def text(self, length: int | None = None) -> bytes:
        """The next string, which must be that long."""
        text = self.take(int.from_bytes(self.take(4), "big"))
        if length is not None and len(text) != length:
            raise EOFError
        return text

    def number(self) -> int:
        """The next number above zero, written as short as can be."""
        text = self.text()
        number = int.from_bytes(text, "big", signed=True)
        if number <= 0 or len(text) != number.bit_length() // 8 + 1:
            raise EOFError
        return number

    def end(self) -> None:
        """There must be nothing more."""
        if self.rest:
            raise EOFError


def _ed25519(wire: Wire) -> None:
    wire.text(32)


def _ecdsa(curve: bytes, length: int) -> Callable[[Wire], None]:
    """A curve and an uncompressed point of it (SEC 1, section 2.3.3)."""

    def read(wire: Wire) -> None:
        if wire.text() != curve or not wire.text(length).startswith(b"\x04"):
            raise EOFError

    return read


def _on_token(read: Callable[[Wire], None]) -> Callable[[Wire], None]:
    """A key that lives on a FIDO token; the name of an application follows."""

    def read_both(wire: Wire) -> None:
        read(wire)
        if not wire.text().startswith(b"ssh:"):
            raise EOFError

    return read_both


def _rsa(wire: Wire) -> None:
    exponent, modulus = wire.number(), wire.number()
    if modulus.bit_length() < RSA_BITS:
        raise NoKey(f"an RSA key of {modulus.bit_length()} bits, but needs {RSA_BITS} or more: {MAKE_ONE}")
    if exponent < 3 or not exponent & modulus & 1:
        raise EOFError


TYPES: Mapping[str, Callable[[Wire], None]] = {
    "ssh-ed25519": _ed25519,
    "ecdsa-sha2-nistp256": _ecdsa(b"nistp256", 65),
    "ecdsa-sha2-nistp384": _ecdsa(b"nistp384", 97),
    "ecdsa-sha2-nistp521": _ecdsa(b"nistp521", 133),
    "sk-ssh-ed25519@openssh.com": _on_token(_ed25519),
    "sk-ecdsa-sha2-nistp256@openssh.com": _on_token(_ecdsa(b"nistp256", 65)),
    "ssh-rsa": _rsa,
}
