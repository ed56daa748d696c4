"""What is remembered under Idempotency-Keys, and for how long."""

from datetime import timedelta

import pytest
from google.cloud import firestore

from functions.errors import KeyTaken
from functions.models import Claim
from functions.ports import AnswerStore
from infra.firestore.answers import ANSWERS, CLAIMS
from tests.stores.losing import late_commits
from tests.stores.making import a_claim, an_answer, at_once, attempt, firestore_stores
from tests.values import NOW

LATER = NOW + timedelta(hours=48)


def used_again(claim: Claim) -> Claim:
    return claim.replace(fingerprint="asked later", expires_at=LATER + timedelta(hours=24))


class TestAnswers:
    def test_a_key_never_used_is_not_found(self, answers: AnswerStore) -> None:
        answers.claim(a_claim())

        assert answers.find("never", NOW) is None

    def test_a_used_key_is_found_before_there_is_an_answer(self, answers: AnswerStore) -> None:
        claim = a_claim(resource="what was made")

        answers.claim(claim)

        assert answers.find(claim.id, NOW) == (claim, None)

    def test_the_answer_is_found_as_it_was_kept(self, answers: AnswerStore) -> None:
        claim = a_claim()
        answer = an_answer(claim, body='{"summary": "ñ"}')
        answers.claim(claim)

        kept = answers.keep(claim, answer)

        assert kept == answer
        assert answers.find(claim.id, NOW) == (claim, answer)

    def test_the_first_answer_stays(self, answers: AnswerStore) -> None:
        claim = a_claim()
        answers.claim(claim)
        answers.keep(claim, an_answer(claim))

        kept = answers.keep(claim, an_answer(claim, body="second"))

        assert kept.body == "first"
        assert answers.find(claim.id, NOW) == (claim, an_answer(claim))

    def test_a_used_key_is_refused(self, answers: AnswerStore) -> None:
        claim = a_claim()
        answers.claim(claim)

        with pytest.raises(KeyTaken):
            answers.claim(claim.replace(fingerprint="other"))

        assert answers.find(claim.id, NOW) == (claim, None)

    def test_keys_do_not_meet(self, answers: AnswerStore) -> None:
        one, two = a_claim(), a_claim()
        for claim in (one, two):
            answers.claim(claim)

        answers.keep(one, an_answer(one))

        assert answers.find(two.id, NOW) == (two, None)

    def test_of_many_at_once_one_uses_the_key(self, answers: AnswerStore) -> None:
        claim = a_claim()
        claims = [claim.replace(fingerprint=str(number)) for number in range(8)]

        outcomes = at_once(lambda one: attempt(answers.claim, one), claims)

        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, KeyTaken) for outcome in outcomes) == 7
        assert answers.find(claim.id, NOW) == (claims[outcomes.index(None)], None)

    def test_of_many_at_once_all_are_given_one_answer(self, answers: AnswerStore) -> None:
        claim = a_claim()
        answers.claim(claim)
        given = [an_answer(claim, body=str(number)) for number in range(8)]

        kept = at_once(lambda answer: answers.keep(claim, answer), given)

        assert kept[0] in given
        assert kept == [kept[0]] * 8
        assert answers.find(claim.id, NOW) == (claim, kept[0])


class TestExpiry:
    def test_is_not_a_moment_early(self, answers: AnswerStore) -> None:
        claim = a_claim()
        answers.claim(claim)

        found = answers.find(claim.id, claim.expires_at - timedelta(microseconds=1))

        assert found == (claim, None)

    def test_is_checked_when_it_is_read(self, answers: AnswerStore) -> None:
        claim = a_claim()
        answers.claim(claim)
        answers.keep(claim, an_answer(claim))

        assert answers.find(claim.id, claim.expires_at) is None

    @pytest.mark.parametrize("is_answered", [True, False])
    def test_makes_the_key_usable_again(self, answers: AnswerStore, is_answered: bool) -> None:
        claim = a_claim()
        answers.claim(claim)
        if is_answered:
            answers.keep(claim, an_answer(claim))
        again = used_again(claim)

        answers.find(claim.id, LATER)
        answers.claim(again)
        unanswered = answers.find(claim.id, LATER)
        answers.keep(again, an_answer(again, body="later"))

        assert unanswered == (again, None)
        assert answers.find(claim.id, LATER) == (again, an_answer(again, body="later"))


class TestFirestore:
    """Firestore alone: its TTL, and other instances."""

    def test_an_expired_claim_that_was_replaced_meanwhile_stays(
        self, firestore_client: firestore.Client
    ) -> None:
        plain = firestore_stores(firestore_client).answers
        claim = a_claim()
        plain.claim(claim)
        plain.keep(claim, an_answer(claim))
        again = used_again(claim)

        def replace() -> None:
            plain.find(claim.id, LATER)
            plain.claim(again)
            plain.keep(again, an_answer(again, body="later"))

        late = firestore_stores(late_commits(firestore_client, replace)).answers
        late.find(claim.id, LATER)

        assert plain.find(claim.id, LATER) == (again, an_answer(again, body="later"))

    def test_an_answer_that_outlives_its_claim_is_not_given_for_the_next(
        self, firestore_client: firestore.Client
    ) -> None:
        answers = firestore_stores(firestore_client).answers
        claim = a_claim()
        answers.claim(claim)
        answers.keep(claim, an_answer(claim))
        firestore_client.collection(CLAIMS).document(claim.id).delete()
        again = used_again(claim)

        unused = answers.find(claim.id, LATER)
        answers.claim(again)
        unanswered = answers.find(claim.id, LATER)
        kept = answers.keep(again, an_answer(again, body="later"))

        assert unused is None
        assert unanswered == (again, None)
        assert kept.body == "later"

    def test_the_documents_say_when_they_expire(self, firestore_client: firestore.Client) -> None:
        answers = firestore_stores(firestore_client).answers
        claim = a_claim()
        answers.claim(claim)
        answers.keep(claim, an_answer(claim))

        for collection in (CLAIMS, ANSWERS):
            found = firestore_client.collection(collection).document(claim.id).get()
            assert found.get("expires_at") == NOW + timedelta(hours=24)

    def test_an_answer_may_be_larger_than_a_document(
        self, firestore_client: firestore.Client
    ) -> None:
        answers = firestore_stores(firestore_client).answers
        claim = a_claim()
        answer = an_answer(claim, body='{"results": [' + '"paciente@correo.com", ' * 100_000)
        answers.claim(claim)

        kept = answers.keep(claim, answer)

        assert kept == answer
        assert answers.find(claim.id, NOW) == (claim, answer)
