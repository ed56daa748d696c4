"""Google as a function on Google Cloud meets it, without a key file."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from google.auth import crypt

from tests.infra.account_key import ACCOUNT, OAUTH2, private_pem

SIGN_BLOB = (
    f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{ACCOUNT}:signBlob"
)
METADATA = "/computeMetadata/v1/instance/service-accounts/"


@dataclass
class Answer:
    status: int
    data: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"metadata-flavor": "Google"})


@dataclass
class GoogleCloud:
    """Google as a function on Google Cloud meets it: metadata server, signBlob, token endpoint."""

    signing_answer: Answer | None = None
    heard: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(
        self, url: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any
    ) -> Answer:
        path = urlsplit(url).path
        self.heard.append((url, body))
        if url == SIGN_BLOB:
            assert headers["authorization"] == "Bearer source-token"
            return self.signing_answer or self.sign(json.loads(body))
        if url == OAUTH2:
            return self.json({"access_token": "user-token", "expires_in": 3600})
        if path.startswith(METADATA) and path.endswith("/token"):
            return self.json({"access_token": "source-token", "expires_in": 3600})
        if path.startswith(METADATA):
            return self.json({"email": ACCOUNT, "scopes": [], "aliases": ["default"]})
        return Answer(200, b"", {"metadata-flavor": "Google", "content-type": "text/plain"})

    def sign(self, request: dict[str, str]) -> Answer:
        signer = crypt.RSASigner.from_string(private_pem())
        signature = signer.sign(base64.b64decode(request["payload"]))
        return self.json({"keyId": "1", "signedBlob": base64.b64encode(signature).decode()})

    @staticmethod
    def json(body: Any) -> Answer:
        headers = {"metadata-flavor": "Google", "content-type": "application/json"}
        return Answer(200, json.dumps(body).encode(), headers)

    def bodies(self, url: str) -> list[Any]:
        return [body for heard, body in self.heard if heard == url]
