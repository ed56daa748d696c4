"""What is stored, and one lock for all of it: each method of a store is one commit."""

import threading
from datetime import datetime

from functions.errors import KeyTaken
from functions.models import Claim, JournalEntry, StoredAnswer, StoredMeeting, StoredUser


class EmbeddedDatabase:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.meetings: dict[str, StoredMeeting] = {}
        self.references: dict[str, str] = {}
        self.journals: dict[str, list[JournalEntry]] = {}
        self.users: dict[str, StoredUser] = {}
        self.claims: dict[str, Claim] = {}
        self.answers: dict[str, StoredAnswer] = {}
        self.allowances: dict[tuple[str, str], int] = {}
        self.last_swept_at: datetime | None = None

    def refuse_taken_key(self, claim: Claim | None) -> None:
        if claim is not None and claim.id in self.claims:
            raise KeyTaken

    def add_claim(self, claim: Claim | None) -> None:
        if claim is not None:
            self.claims[claim.id] = claim
