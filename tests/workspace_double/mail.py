"""The mail Google would have sent: who learns what of an event, and of a file shared."""

from typing import Any, Literal, NamedTuple

Resource = dict[str, Any]
Kind = Literal["invite", "update", "cancel", "share"]

# A change of anything else (private properties, reminders) tells nobody.
_TOLD = ("summary", "description", "location", "start", "end", "recurrence", "conferenceData")


class Mail(NamedTuple):
    """One message; that of a file shared carries the file's id."""

    event_id: str
    kind: Kind
    recipient: str


class Mailbox:
    """Everything sent so far, oldest first."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    def event_changed(
        self,
        event_id: str,
        owner: str,
        before: Resource | None,
        after: Resource | None,
        send_updates: str,
    ) -> None:
        """Tell guests of a change; `before` None is a new event, `after` None a deleted one."""
        old, new = _guests(before, owner), _guests(after, owner)
        is_told = before and after and any(before.get(n) != after.get(n) for n in _TOLD)
        for guest in dict.fromkeys([*new, *old]):
            if not _is_notified(guest, owner, send_updates):
                continue
            if guest not in old:
                self.sent.append(Mail(event_id, "invite", guest))
            elif guest not in new:
                self.sent.append(Mail(event_id, "cancel", guest))
            elif is_told:
                self.sent.append(Mail(event_id, "update", guest))


def _guests(fields: Resource | None, owner: str) -> list[str]:
    emails = [attendee["email"] for attendee in (fields or {}).get("attendees", [])]
    return [email for email in emails if email.lower() != owner.lower()]


def _is_notified(guest: str, owner: str, send_updates: str) -> bool:
    if send_updates == "externalOnly":
        return _domain(guest) != _domain(owner)
    return send_updates == "all"


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
