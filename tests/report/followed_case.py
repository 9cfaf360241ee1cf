"""A made-up followed case of about the right size and time: bands from real forecasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from micropen.estimation.result import (
    FACE,
    Alert,
    Axis,
    Band,
    DateLine,
    Finding,
    FitSummary,
    Followed,
    Level,
    PredictedPicture,
    ReadPoint,
    Record,
    Score,
)
from micropen.evidence import load_parameters
from micropen.healing import Course, forecast
from micropen.treatment import Treatment

DEMO = Path(__file__).parents[2] / "src" / "micropen" / "workflows" / "data" / "demo"
START = datetime(2026, 5, 8, 10, 0)
ZONES = ("forehead", "nose", "cheek_left", "cheek_right", "chin")
SIGNS = ("erythema", "scaling", "lesions", "gloss", "relief", "pigment")
# Question, its sign and how fast an answer rises with it.
ANSWERS = {
    "redness": ("erythema", 1.2),
    "pain": ("pain", 0.16),
    "swelling": ("swelling", 1.2),
    "itching": ("barrier_defect", 0.9),
    "peeling": ("scaling", 9.0),
}
# How much narrower a band is once readings are known.
NARROWER = 0.5


@cache
def course(personal: bool, sessions: int = 1) -> Course:
    """A forecast for anybody, or for one whose redness fades faster and who flakes more."""
    treatment = Treatment.read(DEMO / "founding_case.toml")
    if sessions > 1:
        treatment = repeated(treatment, sessions)
    parameters = load_parameters()
    if personal:
        faster = ("healing.erythema.vessel_rate_per_day", "healing.inflammation.deep_rate_per_day",
                  "healing.inflammation.resolution_rate_per_day")  # fmt: skip
        values = {name: 1.5 * parameters.value(name) for name in faster}
        parameters = parameters.with_values(values)
    return forecast(treatment, 28.0 * sessions + 14.0, 40, 3, parameters)


def repeated(treatment: Treatment, sessions: int) -> Treatment:
    """The first session again, every four weeks."""
    first = treatment.sessions[0]
    again = tuple(first.model_copy(update={"day": 28.0 * k}) for k in range(sessions))
    return treatment.model_copy(update={"sessions": again})


def bands(personal: bool, sessions: int = 1) -> tuple[Band, ...]:
    made = course(personal, sessions)
    found = []
    for sign in SIGNS:
        values = made.dataset[sign].values.astype(float)
        index = [made.zones.index(z) for z in ZONES]
        face = values.sum(1) if sign == "lesions" else values[:, index].mean(1)
        found.append(band(sign, Axis.SIGN, FACE, made.days, face, personal))
        found += [
            band(sign, Axis.SIGN, zone, made.days, values[:, k], personal)
            for zone, k in zip(ZONES, index, strict=True)
        ]
    for question, (sign, rise) in ANSWERS.items():
        values = made.dataset[sign].values.astype(float)[:, [made.zones.index(z) for z in ZONES]]
        score = 10.0 * -np.expm1(-rise * values.mean(1))
        found.append(band(question, Axis.DIARY, FACE, made.days, score, personal))
    lesions = made.dataset["lesions"].values.astype(float).sum(1)
    found.append(band("lesions", Axis.COUNT, FACE, made.days, lesions, personal))
    return tuple(found)


def band(key, axis, zone, days, draws, personal) -> Band:
    low, median, high = np.quantile(draws, (0.05, 0.5, 0.95), axis=0)
    if personal:
        low, high = (median + NARROWER * (edge - median) for edge in (low, high))
    return Band(key, axis, zone, np.asarray(days, float), low, median, high)


def readings(until: float, sessions: int = 1) -> tuple[ReadPoint, ...]:
    """A photograph each morning and a check-in each evening, with noise, from the last session."""
    rng = np.random.default_rng(5)
    start = 28.0 * (sessions - 1)
    found = []
    for drawn in bands(True, sessions):
        if drawn.key in {"relief", "pigment"}:
            continue
        sign = drawn.axis is Axis.SIGN
        sd = {Axis.DIARY: 0.8, Axis.COUNT: 0.7, Axis.SIGN: 0.06}[drawn.axis]
        sd = {"scaling": 0.008, "lesions": 0.7}.get(drawn.key, sd) if sign else sd
        for day in np.arange(start + (0.05 if sign else 0.4), until, 1.0):
            at = float(np.interp(day, drawn.days, drawn.median))
            value = at + sd * float(rng.standard_normal())
            if not sign:
                value = round(min(max(value, 0.0), 10.0 if drawn.axis is Axis.DIARY else 50.0))
            source = f"day {int(day)}.jpg" if sign else "check-in"
            when = START + timedelta(days=float(day))
            found.append(
                ReadPoint(
                    drawn.key, drawn.axis, drawn.zone, float(day), value, sd, source, 0.02, when
                )
            )
    return tuple(found)


def absurd(day: float = 2.4) -> tuple[ReadPoint, ...]:
    """A mistyped 10, and a photograph in red light."""
    typed = ReadPoint("redness", Axis.DIARY, FACE, day, 10.0, 0.8, "check-in", 0.97,
                      START + timedelta(days=day))  # fmt: skip
    red = ReadPoint("erythema", Axis.SIGN, FACE, day + 0.7, 2.4, 0.06, "day 3b.jpg", 0.997,
                    START + timedelta(days=day + 0.7))  # fmt: skip
    return typed, red


FINDINGS = (
    Finding("redness_pace", "Your redness fades about 40 % faster than is typical (90 % sure).",
            0.9, 1.4, 1.05, 1.85, 0.52),
    Finding("flakes", "You peel a little more than is typical (70 % sure).",
            0.7, 1.22, 0.75, 2.0, 0.21),
    Finding("scale", "You give lower marks for pain than most (80 % sure).",
            0.8, 0.72, 0.45, 1.1, 0.38),
    Finding("spots", "You may break out more than is typical (60 % sure).",
            0.6, 1.15, 0.4, 3.4, 0.05),
)  # fmt: skip
DATES = (
    DateLine("redness", "Redness others can see", "until Monday 11 May (day 3)",
             "until Sunday 10 May (day 2)", 1.4, 2.1, 2.9, 0.83, "Faster than in 7 of 10 people."),
    DateLine("makeup", "Make-up", "from Monday 11 May (day 3)", "from Sunday 10 May (day 2)",
             1.0, 2.0, 4.0, 0.78),
    DateLine("peeling", "Peeling", "Sunday to Thursday, 10 to 14 May",
             "over by Friday 15 May (day 7)", 5.0, 6.9, 9.5, 0.74),
    DateLine("photos", "Photographs and big events", "from Monday 18 May (day 10)",
             "from Saturday 16 May (day 8)", 6.5, 8.2, 11.0, 0.8),
    DateLine("next", "Next session", "from Sunday 7 June (day 30)", "from Sunday 7 June (day 30)",
             28.0, 30.0, 36.0, 0.91, "Set by the skin's depth, which no photograph shows."),
    DateLine("patches", "New dark patches", "unlikely", "unlikely", float("nan"), float("nan"),
             float("nan"), 0.96),
)  # fmt: skip
WATCH = Alert(
    "pain_rises", Level.WATCH, "Pain went up after day 2",
    "You wrote 4 of 10 for pain on Tuesday; your forecast expected 0.4 (at most 1.3).", 0.034,
    ("Tuesday 12 May, 19:36: pain 4 of 10", "Monday 11 May, 19:36: pain 1 of 10"),
    "A hot shower, sport or a new cream can sting for an evening.",
    "Leave out acids and sport today, and check in again tomorrow evening.", 4.4,
)  # fmt: skip
ASK = Alert(
    "dark_patch", Level.ASK, "A darker patch on the left cheek",
    "The photograph of Tuesday shows 22 % more pigment on the left cheek; your forecast expected "
    "between -6 and +7 %.", 0.0042, ("Photograph day 4.jpg, left cheek: pigment +22 % (14 to 30)",),
    "Patches of melasma look darker under other light and before the peel has gone.",
    "Keep out of the sun, use sunscreen, and show the two photographs to your practitioner.", 4.05,
)  # fmt: skip
CLINICIAN = Alert(
    "red_flag", Level.CLINICIAN, "You ticked redness and heat that spread",
    "Heat and redness that spread over the treated skin can mean an infection.", float("nan"),
    ("Tuesday 12 May, 19:36: redness and heat that spread",
     "Redness 7 of 10, expected 1.2 (at most 2.6)"), "",
    "See a clinician today. With fever or a painful eye, go at once.", 4.4,
)  # fmt: skip
GOOD = FitSummary(
    "importance sampling", True,
    "The estimate rests on 1 840 effective draws of your possible courses; its checks passed.",
    {"ess_bulk": 1840.0, "pareto_k": 0.31, "readings": 96.0, "draws": 4000.0},
    {"map_estimate": 0.03, "importance sampling": 0.61},
)  # fmt: skip
BAD = FitSummary(
    "tempered Monte Carlo", False,
    "The estimate did not settle: its chains disagree, so bands may be too narrow.",
    {"ess_bulk": 61.0, "r_hat": 1.13},
)  # fmt: skip
RECORD = Record(
    (Score(datetime(2026, 5, 9, 8, 12), 0.9, 74, 0.91, 2.1, 3.4),
     Score(datetime(2026, 5, 10, 20, 3), 2.4, 41, 0.88, 1.6, 3.1)),
    "Of 115 later readings, 90 % lay inside the bands that I had drawn before; my forecasts for "
    "you were 43 % better than the typical one.",
)  # fmt: skip
NO_RECORD = Record((), "No forecast of mine is old enough yet to be judged.")
NOTES = (
    "day 1b.jpg was left out: too dark (mean brightness 31 of 255, at least 45 needed).",
    "Two check-ins of 10 May at 20:03 are equal; one counts.",
)


def jpeg(picture: np.ndarray) -> bytes:
    stream = BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=85)
    return stream.getvalue()


def pictures(side: int = 400) -> tuple[tuple[PredictedPicture, ...], bytes]:
    """Today's portrait, and stand-ins for predicted pictures: ever less red."""
    with Image.open(DEMO / "portrait.png") as image:
        face = np.asarray(image.convert("RGB").resize((side, side)))

    def red(amount: float) -> bytes:
        factor = np.exp(-amount * np.array([0.05, 0.3, 0.25]))
        return jpeg(np.clip(face * factor, 0, 255).astype(np.uint8))

    made = []
    for day in (5, 6, 7, 10, 14, 21):
        date = START + timedelta(days=day)
        label = f"{date:%A} {date.day} {date:%B}, day {day}"
        made.append(PredictedPicture(float(day), label, red(0.8 * float(np.exp(-day / 5)))))
    return tuple(made), red(0.5)


def followed(**changes: Any) -> Followed:
    """A whole case on day 4; fields can be replaced."""
    sessions = changes.pop("sessions", 1)
    drawn, today = pictures()
    start = 28.0 * (sessions - 1)
    given: dict[str, Any] = {
        "title": "Founding case",
        "today_day": start + 4.4,
        "session_days": tuple(28.0 * k for k in range(sessions)),
        "first_session": START,
        "population": bands(False, sessions),
        "personal": bands(True, sessions),
        "readings": (*readings(start + 4.5, sessions), *absurd(start + 2.4)),
        "findings": FINDINGS,
        "dates": DATES,
        "alerts": (),
        "record": RECORD,
        "fit": GOOD,
        "pictures": drawn,
        "picture_of_today": today,
        "picture_note": "Drawn on day 4.jpg of Tuesday 12 May. New spots may come elsewhere.",
        "notes": NOTES,
    }
    given.update(changes)
    return Followed(**given)


def minimal(**changes: Any) -> Followed:
    """The least that can be followed: nothing but a title."""
    fit = FitSummary("prior", True, "There was nothing to learn from yet.")
    given: dict[str, Any] = {
        "title": "", "today_day": 0.0, "session_days": (0.0,), "first_session": None,
        "population": (), "personal": (), "readings": (), "findings": (), "dates": (),
        "alerts": (), "record": NO_RECORD, "fit": fit,
    }  # fmt: skip
    return Followed(**{**given, **changes})
