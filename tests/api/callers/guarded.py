"""The API with the verifier that runs in the cloud."""

from dataclasses import replace

from functions.api.auth import Authenticator
from functions.api.services import Services
from functions.models import UserRole
from infra.oidc import OidcVerifier
from tests.api.caller import USERS, Answer, Api
from tests.api.contract import Contract
from tests.infra.oidc_issuer import AUDIENCE, EMAIL, START

ME = f"{USERS}me/"
OTHER = "other@project.iam.gserviceaccount.com"


class Guarded(Api):
    def __init__(self, contract: Contract, issuer: str, trusts_removed_signature: bool) -> None:
        super().__init__(contract)
        self.identify(UserRole.SERVICE, OTHER)
        self.identify(UserRole.ADMIN, EMAIL)
        self.email = None
        self.seconds = 1000.0
        self._verifier = OidcVerifier(
            [issuer],
            frozenset({AUDIENCE}),
            lambda: START,
            lambda: self.seconds,
            trusts_removed_signature,
        )

    def me(self, *headers: tuple[str, str]) -> Answer:
        return self.get(ME, headers=list(headers))

    def bearing(self, bearer: str) -> Answer:
        return self.me(("Authorization", f"Bearer {bearer}"))

    def _services(self) -> Services:
        services = super()._services()
        old = services.authenticator
        return replace(
            services, authenticator=Authenticator(self._verifier, old.users, old.limiter)
        )
