"""The headers that a token comes in, through the whole app."""

import pytest

from tests.api.callers.guarded import ME, OTHER, Guarded
from tests.infra.oidc_issuer import EMAIL, LoopbackIssuer


class TestHeaders:
    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", " Bearer ", "Bearer  "])
    def test_the_scheme_is_taken_in_any_case(
        self, guarded: Guarded, issuer: LoopbackIssuer, scheme: str
    ) -> None:
        answer = guarded.me(("Authorization", f"{scheme} {issuer.mint()}"))

        assert (answer.status, answer.json["email"]) == (200, EMAIL)

    @pytest.mark.parametrize(
        "value",
        [
            None,
            "",
            " ",
            "Bearer",
            "Bearer ",
            "bearer  ",
            "Basic dXNlcjpwYXNz",
            "Token x",
            "Bearerx",
        ],
    )
    def test_without_a_token_nobody_is_known(self, guarded: Guarded, value: str | None) -> None:
        answer = guarded.me(*([("Authorization", value)] if value is not None else []))

        assert (answer.status, answer.json["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    def test_a_token_without_its_scheme_is_none(
        self, guarded: Guarded, issuer: LoopbackIssuer
    ) -> None:
        answer = guarded.me(("Authorization", issuer.mint()))

        assert answer.json["code"] == "unauthenticated"

    def test_two_tokens_are_none(self, guarded: Guarded, issuer: LoopbackIssuer) -> None:
        good = issuer.mint()

        answers = [
            guarded.bearing(f"{good} {good}"),
            guarded.bearing(f"{good},{good}"),
            guarded.bearing(f"{good}, Bearer {good}"),
            guarded.me(("Authorization", f"Bearer {good}"), ("Authorization", f"Bearer {good}")),
        ]

        assert [(a.status, a.json["reason"]) for a in answers] == [(401, "malformed")] * 4

    @pytest.mark.parametrize("authorization", [None, "", "Basic dXNlcjpwYXNz"])
    def test_the_header_for_googles_front_end_does_alone(
        self, guarded: Guarded, issuer: LoopbackIssuer, authorization: str | None
    ) -> None:
        other = [] if authorization is None else [("Authorization", authorization)]

        answer = guarded.me(("X-Serverless-Authorization", f"Bearer {issuer.mint()}"), *other)

        assert (answer.status, answer.json["email"]) == (200, EMAIL)

    def test_of_both_headers_authorization_counts(
        self, guarded: Guarded, issuer: LoopbackIssuer
    ) -> None:
        other = ("X-Serverless-Authorization", f"Bearer {issuer.mint(email=OTHER)}")

        good = guarded.me(("Authorization", f"Bearer {issuer.mint()}"), other)
        forged = guarded.me(("Authorization", "Bearer a.b.c"), other)

        assert good.json["email"] == EMAIL
        assert (forged.status, forged.json["code"]) == (401, "invalid_token")

    @pytest.mark.parametrize("place", ["Cookie", "X-Authorization", "Proxy-Authorization"])
    def test_no_other_header_counts(
        self, guarded: Guarded, issuer: LoopbackIssuer, place: str
    ) -> None:
        assert guarded.me((place, f"Bearer {issuer.mint()}")).status == 401

    def test_nor_does_the_query(self, guarded: Guarded, issuer: LoopbackIssuer) -> None:
        assert guarded.get(f"{ME}?access_token={issuer.mint()}").status == 401

    def test_the_address_is_compared_in_lower_case(
        self, guarded: Guarded, issuer: LoopbackIssuer
    ) -> None:
        assert guarded.bearing(issuer.mint(email=EMAIL.upper())).json["email"] == EMAIL

    def test_a_good_token_of_a_stranger_is_known_to_be_one(
        self, guarded: Guarded, issuer: LoopbackIssuer
    ) -> None:
        answer = guarded.bearing(issuer.mint(email="nobody@home.example"))

        assert (answer.status, answer.json["code"]) == (403, "unknown_caller")
        assert "WWW-Authenticate" not in answer.headers
