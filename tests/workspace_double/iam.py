"""IAM Credentials v1: signatures of a service account, for callers without its key."""

import base64
import json
from typing import Any

from google.auth import jwt

from tests.workspace_double import oauth
from tests.workspace_double.errors import ApiError
from tests.workspace_double.gateway import ApiCall, Handler


class IamCredentials:
    """Signs for a service account itself, unless it lost its Token Creator role on itself."""

    def __init__(self, accounts: oauth.OAuth) -> None:
        self._accounts = accounts
        self.forbidden: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        prefix = "iamcredentials.projects.serviceAccounts"
        return {f"{prefix}.signBlob": self.sign_blob, f"{prefix}.signJwt": self.sign_jwt}

    def sign_blob(self, call: ApiCall) -> dict[str, Any]:
        account = self._account(call, "signBlob")
        signature = oauth.signer(account).sign(base64.b64decode(call.body["payload"]))
        return {
            "keyId": oauth.key_id(account),
            "signedBlob": base64.b64encode(signature).decode(),
        }

    def sign_jwt(self, call: ApiCall) -> dict[str, Any]:
        account = self._account(call, "signJwt")
        signed = jwt.encode(oauth.signer(account), json.loads(call.body["payload"]))
        return {"keyId": oauth.key_id(account), "signedJwt": signed.decode()}

    def _account(self, call: ApiCall, permission: str) -> str:
        account: str = call.parameters["name"].rpartition("/")[2]
        allowed = call.user == account and account not in self.forbidden
        if not allowed or not self._accounts.is_registered(account):
            raise ApiError(
                403,
                "forbidden",
                f"Permission 'iam.serviceAccounts.{permission}' denied on resource"
                " (or it may not exist).",
                rpc_status="PERMISSION_DENIED",
            )
        return account
