"""Follow a case: measure, learn, forecast this person, compare, and raise a hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

from micropen.case import Case, case_lock, keep, kept, mentions_warning
from micropen.errors import MicropenError, PhotoError
from micropen.estimation.alerts import AlertContext, raise_alerts
from micropen.estimation.dates import dates, held_back
from micropen.estimation.expectation import expectation
from micropen.estimation.fit import estimate
from micropen.estimation.foreseen import bands, curves, face_points, personal, population
from micropen.estimation.from_records import day_of, records
from micropen.estimation.kept_forecast import KeptForecast, Made
from micropen.estimation.learned import findings
from micropen.estimation.likelihood import Seen
from micropen.estimation.posterior import Posterior
from micropen.estimation.readings import Readings
from micropen.estimation.record import record, score
from micropen.estimation.result import Alert, Followed, Record, Score
from micropen.evidence import ParameterSet, load_parameters
from micropen.healing.time_grid import HORIZON_LIMIT
from micropen.measurement.measure_series import SeriesRequest, measure_series
from micropen.measurement.result import LesionSighting, SeriesMeasurement
from micropen.measurement.series import Series, read_series
from micropen.report.folder import check_writable, new_folder
from micropen.workflows.follow_files import write_files
from micropen.workflows.following_pictures import following_pictures
from micropen.workflows.kept_measurement import (
    keep_measurement,
    kept_measurement,
    measuring_key,
)
from micropen.workflows.stages import Progress, Stages

_AFTER_LAST_DAYS: Final = 60.0  # the forecast goes on this long after the last entry or session
_PERSONAL_DRAWS: Final = 400  # a band's 5 and 95 % then rest on 20 draws each
_POPULATION_DRAWS: Final = 800  # 40 draws each: people differ more than one person's forecasts do
# What came in this many days before the newest entry is taken as one visit.
_ONE_VISIT_DAYS: Final = 0.5
_FORECASTS: Final = "forecasts"
_PICTURE_ENDINGS: Final = frozenset(
    {".jpg", ".jpeg", ".png", ".heic", ".heif", ".tif", ".tiff", ".webp"}
)


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """What to follow, and where to put the answer.

    Parameters
    ----------
    case
        Case folder.
    output
        Folder of the result.
    face
        Which face, from 1 at the picture's left, where a photograph shows several.
    seed
        Of everything random.
    now
        Local time; the clock's, if None.
    pictures
        Whether to draw the days to come.
    """

    case: Path
    output: Path
    face: int | None = None
    seed: int = 0
    now: datetime | None = None
    pictures: bool = True


@dataclass(frozen=True, slots=True)
class FollowAnswer:
    """What came out.

    Parameters
    ----------
    folder, page
        Where it stands.
    followed
        Everything that the page shows.
    contraindications
        Of the treatment.
    seconds
        Wall time by stage.
    """

    folder: Path
    page: Path
    followed: Followed
    contraindications: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict, repr=False)


def follow(request: FollowRequest, progress: Progress | None = None) -> FollowAnswer:
    """Follow a case and write its page.

    Parameters
    ----------
    request
        Inputs and output.
    progress
        Called with stage and share done.

    Raises
    ------
    MicropenError
        Bad input or output; the case and an earlier result are then as they were.
    """
    stages = Stages(progress)
    now = request.now or datetime.now()
    case = Case.open(request.case, now)
    place = _place(request.output, case)
    with case_lock(case):
        measured, photo_notes = _measured(case, request, stages)
        known = records(measured, case.check_ins, case.before, case.first_session)
        readings, late = _in_reach(known.readings)
        earlier, kept_notes = _earlier(case)
        learned = _learn(case, readings, earlier, request.seed, stages)
        followed = _followed(case, earlier, learned, measured, request)
        stages.report("learning", 1.0)
        notes = (*_planned(case, now), *photo_notes, *known.notes, *late, *case.notes, *kept_notes)
        followed = replace(followed, notes=tuple(dict.fromkeys(notes)))
        if request.pictures and measured is not None:
            followed = _with_pictures(followed, case, learned, measured, stages, request.face)
        stages.report("tables and page", 0.0)
        with new_folder(place) as work:
            page = write_files(work, followed, learned.own.course, case, measured, request.seed)
        _keep_forecast(case, learned, now, request.seed)
    stages.report("tables and page", 1.0)
    alerts = tuple(dict.fromkeys(case.treatment.contraindications))
    return FollowAnswer(place, place / page.name, followed, alerts, stages.seconds)


def readings_of(request: FollowRequest, case: Case, stages: Stages) -> Readings:
    """Read what a case holds, as `follow` does: photographs measured, check-ins, in reach.

    Parameters
    ----------
    request
        Only `face` is used.
    case
        Opened.
    stages
        Told how far it is.

    Returns
    -------
    Readings
        Of the first session's days, without what came too late to be forecast.
    """
    with case_lock(case):
        measured, _notes = _measured(case, request, stages)
    known = records(measured, case.check_ins, case.before, case.first_session)
    return _in_reach(known.readings)[0]


def _place(output: Path, case: Case) -> Path:
    """Check where the result shall stand: not in the place of what a person put in."""
    try:
        place = output.expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        return check_writable(output)  # which says why it is no name of a folder
    folder = case.folder.resolve()
    within = {(folder / own.name).resolve() for own in (case.photos, case.kept_folder)}
    if place == folder or place in folder.parents or within & {place, *place.parents}:
        raise MicropenError(
            f"The result would take the place of the case or of a part of it ({place}); name "
            f"another folder with --output, for example {folder / 'result'}."
        )
    return check_writable(place)


def _planned(case: Case, now: datetime) -> tuple[str, ...]:
    """Say kindly that the first session is still to come."""
    first = case.first_session
    if first <= now:
        return ()
    return (
        f"Your first session is planned for {first:%A} {first.day} {first:%B %Y}: until then this "
        "is the forecast for people like you. What you write down afterwards makes it your own.",
    )


def _in_reach(readings: Readings) -> tuple[Readings, tuple[str, ...]]:
    """Leave out what came so late that nothing can be forecast after it."""
    reached = readings.until(HORIZON_LIMIT - 1.0)
    late = readings.count - reached.count
    if not late:
        return readings, ()
    many = "one later reading was" if late == 1 else f"{late} later readings were"
    return reached, (
        f"A case is followed for {HORIZON_LIMIT:.0f} days from its first session: {many} left "
        "out; make a new case for the sessions since.",
    )


def _measured(
    case: Case, request: FollowRequest, stages: Stages
) -> tuple[SeriesMeasurement | None, tuple[str, ...]]:
    """Measure the photographs, or take what the case keeps of the same photographs."""
    if not _has_photographs(case):
        if not case.check_ins:
            return None, ("There are no photographs and no check-ins yet.",)
        return None, ("There are no photographs yet: only check-ins were learned from.",)
    moments = tuple(session.moment for session in case.treatment.sessions)
    try:
        series = read_series((case.photos,), None, sessions=moments, progress=stages.report)
        stages.report("files", 1.0)
        key = measuring_key(case, series, (request.face,))
        found, kept_notes = kept_measurement(case, key)
        if found is None:
            found = measure_series(_wanted(case, series, moments, request), stages.report)
            keep_measurement(case, key, found)
    except PhotoError as error:
        return None, (f"No photograph could be used: {error}",)
    return found, (*_photo_notes(found), *found.notes, *kept_notes)


def _photo_notes(measured: SeriesMeasurement) -> Iterator[str]:
    """Name photographs that could not be used, then those whose readings are less sure."""
    for photo in measured.photos:
        if photo.reasons and not photo.usable:
            yield f"{photo.name} was not used: {photo.reasons[0]}"
    told_of: dict[str, list[str]] = {}
    for photo in measured.photos:
        for warning in photo.warnings if photo.usable else ():
            told_of.setdefault(warning, []).append(photo.name)
    for warning, names in told_of.items():
        yield f"{', '.join(names)}: {warning}"


def _has_photographs(case: Case) -> bool:
    if not case.photos.is_dir():
        return False
    return any(p.suffix.lower() in _PICTURE_ENDINGS for p in case.photos.iterdir())


def _wanted(
    case: Case, series: Series, moments: tuple[datetime, ...], request: FollowRequest
) -> SeriesRequest:
    tone = case.treatment.person.individual_typology_angle_deg
    told = series.ita_deg if series.ita_deg is not None else tone
    return SeriesRequest(series, "", moments, request.face, told, tuple(case.treatment.zones))


@dataclass(frozen=True, eq=False)
class _Learned:
    """What the data say of this person.

    Parameters
    ----------
    latest
        Fitted to everything.
    before
        Fitted to what was known before the newest entries.
    known_until
        Last day that `before` knew.
    anybody, own
        Forecasts of people like this one, and of this one.
    """

    latest: Posterior
    before: Posterior
    known_until: float
    anybody: Seen
    own: Seen


def _learn(
    case: Case, readings: Readings, earlier: list[KeptForecast], seed: int, stages: Stages
) -> _Learned:
    """Fit everything, and everything but the newest entries."""
    treatment, members = case.treatment, load_parameters()
    stages.report("learning", 0.0)
    known_until = _known_until(earlier, readings)
    latest = estimate(treatment, readings, members, seed)
    stages.report("learning", 0.35)
    before = estimate(treatment, readings.until(known_until), members, seed)
    stages.report("learning", 0.6)
    last = max(readings.last_day, treatment.days[-1], 0.0)
    horizon = float(min(np.ceil(last) + _AFTER_LAST_DAYS, HORIZON_LIMIT))
    anybody = population(latest.problem, horizon, _POPULATION_DRAWS, seed)
    stages.report("learning", 0.7)
    own = personal(latest, horizon, _PERSONAL_DRAWS)
    stages.report("learning", 0.75)
    return _Learned(latest, before, known_until, anybody, own)


def _known_until(earlier: list[KeptForecast], readings: Readings) -> float:
    """Last day of the data that the newest earlier forecast knew; else all but the last visit."""
    newest = readings.last_day - _ONE_VISIT_DAYS
    known = [k.made.data_until_day for k in earlier if k.made.data_until_day <= newest]
    return max(known, default=newest)


def _earlier(case: Case) -> tuple[list[KeptForecast], tuple[str, ...]]:
    """Forecasts that the case keeps, oldest first; one per last day of data, the latest made."""
    found: dict[float, KeptForecast] = {}
    there = kept(case, f"{_FORECASTS}/*")
    notes = list(there.notes)
    for name, content in there.contents.items():
        try:
            forecast = KeptForecast.from_bytes(content if isinstance(content, bytes) else b"", name)
        except MicropenError as error:
            notes.append(str(error))
            continue
        held = found.get(forecast.made.data_until_day)
        if held is None or held.made.at <= forecast.made.at:
            found[forecast.made.data_until_day] = forecast
    return [found[day] for day in sorted(found)], tuple(notes)


def _followed(
    case: Case,
    earlier: list[KeptForecast],
    learned: _Learned,
    measured: SeriesMeasurement | None,
    request: FollowRequest,
) -> Followed:
    members, problem = load_parameters(), learned.latest.problem
    anybody, own = learned.anybody, learned.own
    today = max(problem.readings.last_day, 0.0)
    points = learned.latest.points() if problem.readings.count else ()
    session = max(sum(day <= today for day in case.treatment.days) - 1, 0)
    scores = [score(kept_one, points, members) for kept_one in earlier]
    alerts = _alerts(case, learned, measured, members)
    expected = dates(anybody.course, own.course, case.treatment, today, members, case.first_session)
    return Followed(
        title=case.title,
        today_day=today,
        session_days=tuple(case.treatment.days),
        first_session=case.first_session,
        population=bands(curves(problem, anybody, request.seed), anybody.days),
        personal=bands(curves(problem, own, request.seed), own.days),
        readings=(*points, *face_points(points, problem.shares)),
        findings=findings(anybody.course, own.course, members, session),
        # An alert goes before a date that would say that all is well.
        dates=held_back(expected, alerts),
        alerts=alerts,
        record=_record(scores),
        fit=learned.latest.summary,
    )


def _record(scores: list[Score]) -> Record:
    return record([s for s in scores if s.readings])


def _alerts(
    case: Case, learned: _Learned, measured: SeriesMeasurement | None, members: ParameterSet
) -> tuple[Alert, ...]:
    sightings: tuple[LesionSighting, ...] = ()
    if measured is not None:
        day_of_photo = {p.name: p.taken_at for p in measured.photos if p.taken_at is not None}
        sightings = tuple(
            replace(seen, day=day_of(day_of_photo[seen.photo], case.first_session))
            for seen in measured.lesions
            if seen.photo in day_of_photo
        )
    mentions = tuple((c.when, sign) for c in case.check_ins for sign in mentions_warning(c.note))
    predictive = expectation(learned.before, learned.latest, learned.known_until)
    context = AlertContext(case.treatment, predictive, case.check_ins, mentions, sightings, members)
    return raise_alerts(context)


def _with_pictures(
    followed: Followed,
    case: Case,
    learned: _Learned,
    measured: SeriesMeasurement,
    stages: Stages,
    face: int | None,
) -> Followed:
    """Draw the days to come on the latest photograph."""
    readings = learned.latest.problem.readings.photographs
    if not readings:
        return followed
    newest = max(readings, key=lambda reading: reading.day)
    untreated = newest.baseline_day <= 0.0
    stages.report("pictures", 0.0)
    pictures, today, note = following_pictures(
        case.photos / newest.photo,
        newest.day,
        case.photos / measured.baseline if untreated else None,
        learned.own.course,
        session_start=case.first_session,
        face=face,
        ita_deg=case.treatment.person.individual_typology_angle_deg,
        progress=lambda share: stages.report("pictures", share),
    )
    stages.report("pictures", 1.0)
    return replace(followed, pictures=pictures, picture_of_today=today, picture_note=note)


def _keep_forecast(case: Case, learned: _Learned, now: datetime, seed: int) -> None:
    """Keep the forecast for its record; the same data are kept once."""
    problem = learned.latest.problem
    readings = problem.readings
    told = hashlib.sha256(repr(readings).encode()).hexdigest()
    name = f"{_FORECASTS}/{told[:16]}"
    if not readings.count or kept(case, name).contents:
        return
    made = Made(
        now,
        readings.last_day,
        problem.members.digest,
        seed,
        told,
    )
    forecast = KeptForecast.of(
        made,
        learned.own.days,
        curves(problem, learned.own, seed),
        curves(problem, learned.anybody, seed),
    )
    keep(case, name, forecast.to_bytes())
