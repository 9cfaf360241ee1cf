"""A person with a diary, and sessions with step curves, for tests of the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from micropen.planning.intake.client import Client, Diary, Wishes
from micropen.planning.session_response import SEEN, SessionResponse
from micropen.planning.suitability.verdict import Suitability, Verdict
from micropen.treatment import Person

TODAY = date(2026, 6, 1)  # a Monday
LAGS = np.concatenate([np.arange(0.0, 14.0, 0.5), np.arange(14.0, 41.0)])


def day(offset):
    return TODAY + timedelta(days=offset)


def client(*, finish_by=None, person=None, device="skinpen", **diary):
    person = {"age_years": 34, "phototype": 2, **(person or {})}
    return Client(
        "made up",
        Person(**person),
        Wishes("glow", device, finish_by=finish_by),
        Diary(**diary),
        TODAY,
    )


def suitable(earliest=TODAY, findings=()):
    return Suitability(Verdict.GO, tuple(findings), (), earliest)


def steps(draws=4, spots=0.0, glow=(), **until):
    """Each sign stands above its limit until a day (one per draw, or for all), then at zero.

    The glow stands from the first to the last of its two days.
    """
    signs = {}
    for sign in (*SEEN, "barrier_defect"):
        ends = np.broadcast_to(np.asarray(until.get(sign, -1.0), dtype=np.float64), draws)
        signs[sign] = np.where(ends[:, None] >= LAGS, 5.0, 0.0)
    first, last = glow or (1.0, 0.0)
    shining = (first <= LAGS) & (last >= LAGS)
    signs["gloss"] = np.where(shining, 1.0, 0.0) + np.zeros((draws, 1))
    signs["lesions"] = np.broadcast_to(np.asarray(spots, dtype=np.float64), (draws, LAGS.size))
    return SessionResponse(LAGS, signs, np.zeros(draws))


def with_signs(response, **signs):
    return replace(response, signs={**response.signs, **signs})
