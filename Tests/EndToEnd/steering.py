"""A clock that stands still until a test moves it, and what fires meanwhile."""

from datetime import datetime, timedelta, timezone

from control import Control
from rest import answered


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Clock:
    def __init__(self, url: str):
        self.control = Control(url)

    def request(self, method: str, path: str, **body):
        return self.control._session.request(
            method, f"{self.control.url}/{path}", json=body, timeout=300
        )

    def read(self) -> dict:
        return answered(self.control.get("clock"))

    @property
    def now(self) -> datetime:
        return moment(self.read()["now"])

    def set(self, **body) -> dict:
        return answered(self.request("PUT", "clock", **body))

    def freeze(self, now: str) -> dict:
        return self.set(now=now, frozen=True)

    def advance(self, by: str, **body) -> "list[dict]":
        """What fired on the way."""
        return answered(self.request("POST", "clock/advance", by=by, **body))["fired"]

    def advance_to(self, time: str) -> "list[dict]":
        """What fired on the way."""
        return answered(self.request("POST", "clock/advance", to=time))["fired"]

    def fires(self, **query) -> "list[dict]":
        return answered(self.control.get("fires", params=query))["fires"]


def add_timer(function, schedule: str, kind: str = "Cron", qualifier: str = "latest", **members) -> dict:
    data = {"name": f"timer{len(members)}", "schedule_type": kind, "schedule": schedule, **members}
    body = {"trigger_type_code": "TIMER", "event_data": data}
    return answered(function.api.post(f"/fgs/triggers/{function.urn}:{qualifier}", json=body), 201)


def dues(fires) -> "list[str]":
    return [fire["due"] for fire in fires]


def every(start: datetime, step: timedelta, end: datetime) -> "list[str]":
    """The times after `start`, up to `end`, as fires give them."""
    times = []
    while (start := start + step) <= end:
        times.append(start.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    return times
