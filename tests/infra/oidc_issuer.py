"""An OIDC issuer on loopback that mints what a test wants, and fails as it is told to."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import strategies as st

from functions.errors import InvalidToken
from infra.oidc import OidcVerifier

AUDIENCE = "https://api.clinic.example"
EMAIL = "xoma@project.iam.gserviceaccount.com"
START = datetime(2030, 1, 1, tzinfo=UTC)
AT_START = int(START.timestamp())
ABSENT = object()
DISCOVERY = "/.well-known/openid-configuration"
JWKS = "/jwks"
REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE"

odd_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class Clock:
    seconds: float = 0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return 1000 + self.seconds


@dataclass(frozen=True)
class SigningKey:
    kid: str
    private: PrivateKey

    @property
    def alg(self) -> str:
        return "RS256" if isinstance(self.private, rsa.RSAPrivateKey) else "ES256"

    @property
    def jwk(self) -> dict[str, Any]:
        common = {"kid": self.kid, "use": "sig", "alg": self.alg}
        public = self.private.public_key().public_numbers()
        if isinstance(public, rsa.RSAPublicNumbers):
            return common | {"kty": "RSA", "n": base64url(public.n), "e": base64url(public.e)}
        x, y = (base64url(number.to_bytes(32, "big")) for number in (public.x, public.y))
        return common | {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def sign(self, content: bytes) -> bytes:
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(content, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@cache
def signing_keys(realm: str, generation: int) -> tuple[SigningKey, SigningKey]:
    """An RSA and an EC key: of different realms their names are the same."""
    return (
        SigningKey(f"rsa-{generation}", rsa.generate_private_key(65537, 2048)),
        SigningKey(f"ec-{generation}", ec.generate_private_key(ec.SECP256R1())),
    )


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


HANG_UP = Answer(b"", 0)


@dataclass
class LoopbackIssuer:
    url: str
    realm: str
    generation: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    """What is said at a path instead of the truth."""
    more_jwks: list[Any] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    opened: threading.Event = field(default_factory=threading.Event)
    """Nothing is answered while it is cleared."""
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def rsa(self) -> SigningKey:
        return signing_keys(self.realm, self.generation)[0]

    @property
    def ec(self) -> SigningKey:
        return signing_keys(self.realm, self.generation)[1]

    @property
    def fetches(self) -> int:
        return self.heard.count(DISCOVERY)

    def rotate(self) -> None:
        self.generation += 1
        # Made here, and not by whichever of many threads is first: each would make its own.
        signing_keys(self.realm, self.generation)

    def break_down(self) -> None:
        self.answers = {DISCOVERY: Answer(b"", 503)}

    def mint(self, key: SigningKey | None = None, header: Any = None, **changes: Any) -> str:
        """Sign a token that is good but for what is changed; ABSENT leaves a member out."""
        key = key or self.rsa
        head = {"alg": key.alg, "typ": "JWT", "kid": key.kid} | (header or {})
        return token(encoded(present(head)), encoded(self.claims(**changes)), key.sign)

    def mint_unsigned(self, **changes: Any) -> str:
        """The same as Google's front end passes it on."""
        return f"{self.mint(**changes).rpartition('.')[0]}.{REMOVED}"

    def claims(self, **changes: Any) -> dict[str, Any]:
        claims = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "123",
            "email": EMAIL,
            "email_verified": True,
            "iat": AT_START,
            "exp": AT_START + 10 * 24 * 3600,
        }
        return present(claims | changes)

    def answer(self, path: str) -> Answer:
        self.heard.append(path)
        self.asked.release()
        self.opened.wait(30)
        if path in self.answers:
            return self.answers[path]
        if path == DISCOVERY:
            return Answer(encoded({"issuer": self.url, "jwks_uri": self.url + JWKS}))
        if path == JWKS:
            return Answer(encoded({"keys": [*self.more_jwks, self.rsa.jwk, self.ec.jwk]}))
        return Answer(b"", 404)


def refused(verifier: OidcVerifier, forged: str) -> str:
    """The reason why the token is refused, which it must be."""
    with pytest.raises(InvalidToken) as raised:
        verifier.verify(forged)
    return raised.value.reason


def token(header: bytes, payload: bytes, sign: Callable[[bytes], bytes]) -> str:
    content = f"{base64url(header)}.{base64url(payload)}"
    return f"{content}.{base64url(sign(content.encode()))}"


def encoded(document: Any) -> bytes:
    return json.dumps(document).encode()


def present(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not ABSENT}


def base64url(content: bytes | int) -> str:
    if isinstance(content, int):
        content = content.to_bytes((content.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@contextmanager
def loopback_issuer(realm: str = "ours") -> Iterator[LoopbackIssuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = issuer.answer(self.path)
            if answer is HANG_UP:
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(answer.body)
            except ConnectionError:
                pass  # the client has heard enough

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        issuer = LoopbackIssuer(f"http://127.0.0.1:{server.server_port}", realm)
        issuer.opened.set()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield issuer
        issuer.opened.set()
        server.shutdown()
        thread.join()
