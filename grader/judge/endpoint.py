"""Where the requests of --live go, and with which key."""

import ipaddress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from grader import settings
from grader.errors import GraderError
from grader.replay import matching, providers
from grader.settings import Secret

OPENAI: Final = "https://api.openai.com/v1"


class Endpoint(msgspec.Struct, frozen=True):
    """Where requests go. What a program on this computer answers costs nothing."""

    base_url: str
    local: bool
    key: Secret

    @property
    def host(self) -> str:
        """The host, as messages name it."""
        return urlsplit(self.base_url).netloc

    def stands_for(self, host: str) -> bool:
        """Whether what student code asks at a host may be asked here: its own, or a provider."""
        known = {one.host for one in providers.PROVIDERS}
        return host in known or host == matching.place(urlsplit(self.base_url))


def endpoint(base_url: str, project: Path) -> Endpoint:
    """The endpoint for --base-url and the user's key. Raises GraderError with what to mend."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        odd = parts.port == 0 or parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.query
    except ValueError:
        odd, host = True, ""
    if odd or not host:
        raise GraderError(f"--base-url={base_url}: expected an address such as {OPENAI}.")
    local = is_local(host)
    if parts.scheme == "http" and not local:
        raise GraderError(f"--base-url={base_url}: your key would travel unencrypted. Write https://.")
    key = settings.api_key(project)
    if not key.value and not local:
        raise GraderError(
            "--live needs your own API key, and there is none.\n"
            "Put a line OPENAI_API_KEY=... into the file .env beside assignments/.\n"
            "Or let the local model answer: run `grader model start`, and add the --base-url that it prints."
        )
    if not key.value.isascii() or not key.value.isprintable() or " " in key.value:
        raise GraderError("OPENAI_API_KEY holds a blank or another character that no key has. Copy the key again.")
    return Endpoint(base_url.rstrip("/"), local, key if key.value else Secret("local"))


def is_local(host: str) -> bool:
    """Whether a host is this computer."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
