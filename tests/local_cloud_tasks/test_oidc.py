"""ID tokens as a receiver sees them: verified with the published key."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from google.auth import _helpers, exceptions, jwt
from google.auth.crypt import RSAVerifier
from werkzeug.test import Client

from infra.local.cloud_tasks import CloudTasksStandIn
from infra.local.oidc_issuer import OidcIssuer

ISSUER = "http://localhost:8080/cloud-tasks"
EMAIL = "invoker@p.iam.gserviceaccount.com"


@pytest.fixture
def token(queue, create_task, receiver):
    """Return the bearer token with which a task arrives."""

    def send(path="/work", **oidc_token):
        create_task(path=path, oidc_token={"service_account_email": EMAIL} | oidc_token)
        scheme, _, token = receiver.wait_for(1)[-1].headers["authorization"].partition(" ")
        assert scheme == "Bearer"
        return token

    return send


def published_certificates(stand_in):
    http = Client(stand_in.wsgi_app)
    configuration = http.get("/.well-known/openid-configuration").get_json()
    assert configuration["issuer"] == ISSUER
    jwks = http.get(configuration["jwks_uri"].removeprefix(ISSUER)).get_json()
    certificates = {}
    for key in jwks["keys"]:
        numbers = [
            int.from_bytes(_helpers.padded_urlsafe_b64decode(key[part]), "big") for part in "en"
        ]
        public_key = RSAPublicNumbers(*numbers).public_key()
        pem = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        certificates[key["kid"]] = pem.decode()
    return certificates


def test_a_receiver_can_verify_it(token, stand_in, receiver, clock):
    claims = jwt.decode(
        token("/work?a=b"), certs=published_certificates(stand_in), audience=f"{receiver.url}/work"
    )

    assert claims["iss"] == ISSUER
    assert claims["email"] == EMAIL
    assert claims["email_verified"] is True
    assert claims["sub"].isdecimal()
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - clock()) < 60


def test_an_explicit_audience_is_kept(token, stand_in):
    claims = jwt.decode(
        token(audience="https://a/b"),
        certs=published_certificates(stand_in),
        audience="https://a/b",
    )

    assert claims["aud"] == "https://a/b"


def test_another_stand_in_cannot_sign_for_it(token):
    other = CloudTasksStandIn(ISSUER)
    certificates = published_certificates(other)
    token = token()

    (pem,) = certificates.values()
    signed, _, signature = token.rpartition(".")
    assert not RSAVerifier.from_string(pem).verify(
        signed.encode(), _helpers.padded_urlsafe_b64decode(signature)
    )
    with pytest.raises((exceptions.MalformedError, ValueError)):
        jwt.decode(token, certs=certificates)


def test_the_subject_is_of_the_email(clock):
    issuer = OidcIssuer(ISSUER, clock)
    tokens = [issuer.mint(email, "a") for email in ("a@x", "a@x", "b@x")]

    subjects = [jwt.decode(token, verify=False)["sub"] for token in tokens]

    assert subjects[0] == subjects[1] != subjects[2]


def test_a_tasks_own_authorization_gives_way(queue, create_task, receiver):
    create_task(
        headers={"authorization": "Basic mine"}, oidc_token={"service_account_email": EMAIL}
    )

    assert receiver.wait_for(1)[0].headers["authorization"].startswith("Bearer ")


def test_a_tasks_own_authorization_goes_without_a_token(queue, create_task, receiver):
    create_task(headers={"Authorization": "Basic mine"})

    assert receiver.wait_for(1)[0].headers["authorization"] == "Basic mine"


def test_the_key_is_published_as_json(stand_in):
    response = Client(stand_in.wsgi_app).get("/jwks")

    assert response.mimetype == "application/json"
    (key,) = json.loads(response.text)["keys"]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
