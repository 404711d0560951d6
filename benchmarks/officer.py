"""An officer at a browser: a plain HTTP client that keeps its connection, its cookies and what a page's form holds."""

import html
import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """What came back; `wire` is the bytes of headers and body as they were sent."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire: int

    @property
    def location(self) -> str:
        """Return where it leads, or nothing."""
        return self.headers.get("location", "")


@dataclass
class Officer:
    """One officer with a session of their own."""

    port: int
    warrant_number: str = ""
    token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str, *, accept_encoding: str = "identity") -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, accept_encoding)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form with the token of the session."""
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **form}), "identity")

    def sign_in(self, password: str) -> None:
        """Sign in as anybody does."""
        page = self.get("/sign-in/")
        hidden = hidden_fields(page.body)
        self.token = hidden.pop("csrfmiddlewaretoken")
        answer = self.post("/sign-in/", {**hidden, "login": self.warrant_number, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"{self.warrant_number} could not sign in: {answer.status}")
        self.token = hidden_fields(self.get("/").body)["csrfmiddlewaretoken"]

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: str | None, accept_encoding: str) -> Answer:
        headers = {"Accept-Encoding": accept_encoding, "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                self._connection.request(method, path, body, headers)
                response = self._connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                # The server closes a connection that was idle; browsers connect again, too.
                self.close()
                if attempt == 2:
                    raise
        content = response.read()
        wire = 17 + sum(len(name) + len(value) + 4 for name, value in response.getheaders()) + len(content)
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
        kept_headers = {name.lower(): value for name, value in response.getheaders()}
        if kept_headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(response.status, kept_headers, content, wire)


def hidden_fields(page: bytes) -> dict[str, str]:
    """Return the hidden fields of a page."""
    found = {}
    for tag in _INPUT.findall(page.decode()):
        attributes = dict(_ATTRIBUTE.findall(tag))
        if attributes.get("type") == "hidden" and "name" in attributes:
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return found
