"""Callers who change, cancel and ask for the same meetings at once: nothing is lost or doubled."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.processes.clinic import Clinic
from tests.processes.trouble import SPAN, change, clinic_day


class TestRaces:
    def test_changes_and_cancellations_race_the_first_sync(self, clinic: Clinic) -> None:
        chance = random.Random(4)

        def race(number: int) -> None:
            meeting_id = clinic.create()
            for name in chance.choice((["PATCH"], ["DELETE"], ["PATCH", "DELETE"])):
                time.sleep(chance.uniform(0, 0.06))
                assert change(clinic, name, meeting_id, f"Round {number}").status in (200, 409)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(race, range(40)))

        clinic.settle_by_sweep()
        assert len(clinic.stored()) == 40

    def test_many_ask_for_one_reference_at_once(self, clinic: Clinic) -> None:
        together = threading.Barrier(8)
        times = {name: clinic_day(hour) for name, hour in SPAN.items()}

        def request(_: int) -> tuple[int, str]:
            together.wait()
            answer = clinic.post(external_reference="one", **times)
            return answer.status, answer.json["id"]

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(request, range(8)))

        assert sorted(status for status, _ in answers) == [200] * 7 + [202]
        assert len({meeting_id for _, meeting_id in answers}) == 1
        clinic.settle()

    def test_changes_of_one_meeting_at_once_are_all_kept(self, clinic: Clinic) -> None:
        meeting_id = clinic.create()

        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(lambda n: clinic.patch(meeting_id, summary=f"Change {n}"), range(4))
            )

        clinic.settle()
        changed = [answer for answer in answers if answer.status == 200]
        assert clinic.stored()[0].revision == 1 + len(changed)
        assert {answer.status for answer in answers} <= {200, 409}
