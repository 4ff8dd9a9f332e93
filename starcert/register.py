"""Register: what site.yaml says of the register itself: its name, address, languages and contact."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Register:
    """The register's own facts. `address` is its canonical https address, without a final slash."""

    name: str
    name_en: str
    address: str
    languages: tuple[str, ...]
    contact: str
    fresh_hours: int = 26

    @property
    def host(self) -> str:
        """The host readers compare, such as stars.example."""
        return urlsplit(self.address).netloc

    @property
    def root(self) -> str:
        """The path that the site lies under, with a final slash: '/' for a host of its own."""
        return urlsplit(self.address).path.rstrip("/") + "/"

    def certificate_address(self, slug: str) -> str:
        """The one public address of a certificate's page."""
        return f"{self.address}/C/{slug}/"

    def printed_address(self, slug: str) -> str:
        """The same address as the QR code holds it: in capitals where that still leads to the page."""
        address = self.certificate_address(slug)
        return address.upper() if self.root == "/" else address


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Says that a registry's records are made up, and the last day on which they still make a filled site."""

    until: date

    def day(self, today: date) -> date:
        """The day to build such a registry for: today, and from `until` on that day."""
        return min(today, self.until)
