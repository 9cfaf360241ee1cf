"""One person's planning problem, small enough for fast tests."""

from __future__ import annotations

from datetime import date
from functools import cache

from micropen.evidence import load_parameters
from micropen.planning.intake.client import Client, Diary, Event, Wish, Wishes
from micropen.planning.search.make_plan import PlanRequest
from micropen.planning.suitability import Suitability, Verdict
from micropen.treatment import Person

TODAY = date(2026, 11, 23)
WEDDING = Event(date(2027, 6, 12), "wedding", Wish.GLOW)


def client(wishes: Wishes | None = None, diary: Diary | None = None, **person: object) -> Client:
    """A woman of 35 who wants shallower scars on her cheeks before a wedding."""
    facts = {"age_years": 35, "sex": "female", "phototype": 3, **person}
    return Client(
        title="A person",
        person=Person.model_validate(facts),
        wishes=wishes or Wishes("acne scars", "skinpen-precision", ("cheek_left", "forehead")),
        diary=diary or Diary(events=(WEDDING,), session_weekdays=frozenset({4, 5})),
        today=TODAY,
    )


@cache
def suited() -> Suitability:
    """Nothing speaks against it."""
    return Suitability(Verdict.GO, (), (), TODAY)


def request(of: Client, seed: int = 0) -> PlanRequest:
    """Plan with the population."""
    members = load_parameters()
    return PlanRequest(of, suited(), members, lambda _draws: members, seed)
