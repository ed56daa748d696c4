"""A token whose signature Google's front end has removed, through the whole app."""

from typing import Any

import pytest

from tests.api.callers.guarded import ME, Guarded
from tests.infra.oidc_issuer import AT_START, EMAIL, LoopbackIssuer, signing_keys


class TestRemovedSignature:
    def test_behind_iam_it_is_believed(self, behind_iam: Guarded, issuer: LoopbackIssuer) -> None:
        answer = behind_iam.bearing(issuer.mint_unsigned())

        assert (answer.status, answer.json["email"]) == (200, EMAIL)

    def test_behind_iam_a_signed_one_is_still_verified(
        self, behind_iam: Guarded, issuer: LoopbackIssuer
    ) -> None:
        good = behind_iam.bearing(issuer.mint())
        forged = behind_iam.bearing(issuer.mint(signing_keys("theirs", 0)[0]))

        assert good.status == 200
        assert (forged.status, forged.json["reason"]) == (401, "invalid_signature")

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"aud": "https://other.example"}, "wrong_audience"),
            ({"exp": AT_START - 60}, "expired"),
            ({"email_verified": False}, "email_unverified"),
            ({"iss": "https://evil.example"}, "unknown_issuer"),
        ],
    )
    def test_behind_iam_what_it_claims_is_still_checked(
        self, behind_iam: Guarded, issuer: LoopbackIssuer, changes: dict[str, Any], reason: str
    ) -> None:
        answer = behind_iam.bearing(issuer.mint_unsigned(**changes))

        assert (answer.status, answer.json["reason"]) == (401, reason)

    def test_behind_iam_it_proves_nothing_beside_the_header_that_was_checked(
        self, behind_iam: Guarded, issuer: LoopbackIssuer
    ) -> None:
        """Google's front end has looked at the other one, and anybody can have written this."""
        answer = behind_iam.get(
            ME,
            headers={
                "X-Serverless-Authorization": f"Bearer {issuer.mint_unsigned()}",
                "Authorization": f"Bearer {issuer.mint_unsigned(email='admin@clinica.com')}",
            },
        )

        assert (answer.status, answer.json["reason"]) == (401, "signature_removed")

    def test_behind_iam_it_is_believed_in_the_header_that_was_checked(
        self, behind_iam: Guarded, issuer: LoopbackIssuer
    ) -> None:
        token = f"Bearer {issuer.mint_unsigned()}"

        answer = behind_iam.get(ME, headers={"X-Serverless-Authorization": token})

        assert (answer.status, answer.json["email"]) == (200, EMAIL)
