"""Virtual trials: every arm of a study simulated as it was done, many times over.

One trial is one world: what is not known of the typical values (and of how the study's raters
lean) is drawn once and shared by all its people; each person differs about it. Worlds are worked
off in blocks, so that memory does not grow with their number, and a block is one way of doing what
the study did (see `Arm.protocols`). Nothing but the observed values is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from micropen._version import __version__
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, stream
from micropen.healing.chain import Chain, default_chain
from micropen.healing.course import Course, CourseOrigin
from micropen.healing.forecast import course_of_doses, doses_of
from micropen.healing.population import lanes
from micropen.healing.time_grid import HORIZON_LIMIT, day_grid
from micropen.observation import Kind, Scale, View, scale
from micropen.studies.study import Arm, Finding, Group, Statistic, Study
from micropen.treatment import People, Session
from micropen.units import minutes_to_days

Array = NDArray[np.float64]
Progress = Callable[[float], None]
ScaleOf = Callable[[str], Scale]

FEWEST_TRIALS: Final = 20
MOST_TRIALS: Final = 5000
# More people than this per trial say little more: the sampling part is then taken to the study's
# own number of people (`prediction`), and what is left is what is not known.
MOST_PEOPLE: Final = 60
# A half of a trial must still have a mean and a spread of its own.
_FEWEST_PEOPLE: Final = 4
# Draws x reported days of a block: some tens of MB of signs.
_BLOCK_SIZE: Final = 200_000
_FEWEST_BLOCKS: Final = 4
# Events are followed for a month at least, and half as long again as reported.
_EVENT_DAYS: Final = 30.0
_EVENT_FACTOR: Final = 1.5
# Scales of the needling itself: on the day of a session they are read with it, not before it.
_DURING: Final = "pain_during"
_AGE_LIMIT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Look:
    """One observation of an arm: a scale on a day (None: before treatment; an event: ever)."""

    scale: str
    day: float | None


@dataclass(frozen=True, slots=True)
class ArmTrials:
    """What was seen in the virtual trials of one arm.

    Parameters
    ----------
    values
        Look to values of shape ``(trial, person)``.
    refused
        Looks that the observation model cannot take in this arm, and why.
    """

    values: Mapping[Look, Array]
    refused: Mapping[Look, str] = field(default_factory=dict)

    def at(self, look: Look) -> Array:
        """Return the values of one look, shape ``(trial, person)``.

        Raises
        ------
        MicropenError
            When this look could not be taken.
        """
        if look in self.refused:
            raise MicropenError(self.refused[look])
        return self.values[look]


@dataclass(frozen=True, slots=True)
class _Seat:
    """Where an arm's people sit among those of a world."""

    first: int
    people: int
    in_world: int


def look_of(finding: Finding, kind: Kind) -> Look:
    """Return what a finding looks at after treatment."""
    return Look(finding.scale, None if kind is Kind.EVENT else finding.day)


def needs_baseline(finding: Finding, kind: Kind) -> bool:
    """Whether a finding compares with the value before treatment."""
    changes = {Statistic.MEAN_CHANGE, Statistic.RELATIVE_CHANGE, Statistic.DIFFERENCE}
    return kind is Kind.LEVEL and finding.statistic in changes


def sample_people(group: Group, draws: int, seed: int) -> People:
    """Draw people of a group.

    Parameters
    ----------
    group
        Who was studied.
    draws
        Number of people.
    seed
        Each covariate has its own stream.

    Returns
    -------
    People
        Ages from a normal cut off at the admitted range; sex, phototype, melasma and herpes
        drawn by their shares; the rest alike for all.
    """

    def happens(purpose: str, share: float) -> Array:
        drawn = stream(seed, f"studies.people.{purpose}").random(draws)
        return (drawn < share).astype(np.float64)

    phototypes = sorted(group.phototypes)
    shares = np.array([group.phototypes[p] for p in phototypes])
    chosen = stream(seed, "studies.people.phototype").random(draws)
    index = np.searchsorted(np.cumsum(shares / shares.sum()), chosen, side="right")
    return People(
        age_years=_ages(group, stream(seed, "studies.people.age").random(draws)),
        male=happens("male", 1.0 - group.female),
        phototype=np.array(phototypes, dtype=np.float64)[np.minimum(index, shares.size - 1)],
        acne_proneness=np.full(draws, group.acne_proneness),
        sensitivity=np.full(draws, group.sensitivity),
        sun_exposure=np.full(draws, group.sun_exposure),
        melasma=happens("melasma", group.melasma),
        anticoagulants=np.zeros(draws),
        herpes=happens("herpes", group.herpes),
        active_acne=np.full(draws, group.active_acne),
    )


def _ages(group: Group, uniform: Array) -> Array:
    """Quantiles of a normal age cut off at the admitted range."""
    age = group.age_years
    if age.sd <= _AGE_LIMIT or age.high - age.low <= _AGE_LIMIT:
        return np.full(uniform.size, float(np.clip(age.mean, age.low, age.high)))
    low, high = (ndtr((end - age.mean) / age.sd) for end in (age.low, age.high))
    drawn = age.mean + age.sd * ndtri(low + (high - low) * uniform)
    return np.asarray(np.clip(drawn, age.low, age.high), dtype=np.float64)


def within_person(study: Study, arm: str, versus: str) -> bool:
    """Whether two arms are sides of the same faces: one group, no zone treated in both."""
    one, other = study.arms[arm], study.arms[versus]
    if arm == versus or one.group != other.group:
        return False
    sides = [{z for p in a.protocols for s in p for z in s.zones} for a in (one, other)]
    return not sides[0] & sides[1]


def _seats(study: Study) -> dict[str, _Seat]:
    """Give each arm that is reported on its people within a world.

    Sides of the same faces are the same people. Other arms that a finding compares share the
    world but not its people; arms that nothing compares need not be told apart.
    """
    wanted = {f.arm for f in study.findings} | {f.versus for f in study.findings if f.versus}
    people = {}
    for key in (key for key in study.arms if key in wanted):
        most = max(f.n for f in study.findings if key in (f.arm, f.versus))
        people[key] = int(np.clip(most, _FEWEST_PEOPLE, MOST_PEOPLE))
    first = dict.fromkeys(people, 0)
    for finding in study.findings:
        apart = finding.versus and not within_person(study, finding.arm, finding.versus)
        if apart and first[finding.arm] == first[finding.versus]:
            first[finding.versus] = first[finding.arm] + people[finding.arm]
    compared = {name for f in study.findings if f.versus for name in (f.arm, f.versus)}
    together = max((first[k] + people[k] for k in compared), default=0)
    return {
        key: _Seat(first[key], count, together if key in compared else count)
        for key, count in people.items()
    }


def _read_only(sessions: Sequence[Session], zones: Sequence[str]) -> tuple[Session, ...]:
    """Sessions without the zones that nobody looks at: zones do not act on each other."""
    kept = []
    for session in sessions:
        looked_at = {zone: s for zone, s in session.zones.items() if zone in zones}
        kept.append(session.model_copy(update={"zones": looked_at}) if looked_at else session)
    return tuple(kept)


def _seen_day(look: Look, sessions: Sequence[Session]) -> float | None:
    """Day on which a look happens: on the day of a later session, just before it."""
    if look.day is None or look.scale.startswith(_DURING):
        return look.day
    starts = [s.day for s in sessions if s.day > 0.0 and abs(s.day - look.day) < 1e-6]
    return starts[0] - minutes_to_days(1.0) if starts else look.day


def _horizon(
    looks: Sequence[Look], findings: Sequence[Finding], kinds: Mapping[str, Kind]
) -> float:
    """Last day that anything looks at, at least one."""
    days = [look.day for look in looks if look.day is not None]
    for finding in findings:
        if kinds[finding.scale] is Kind.EVENT:
            reported = [x for x in (finding.low, finding.high) if np.isfinite(x)]
            days.append(max(_EVENT_DAYS, _EVENT_FACTOR * max(reported, default=0.0)))
    last = max([1.0, *days])
    if last >= HORIZON_LIMIT:
        raise MicropenError(
            f"a finding lies on day {last:g}; the model reaches day {HORIZON_LIMIT:g}"
        )
    return float(np.floor(last)) + 1.0  # a session on the last day is still part of it


def _grid(looks: Sequence[Look], sessions: Sequence[Session], horizon: float, dense: bool) -> Array:
    """Reported days: what is looked at, and for what may come at any time all days."""
    starts = [session.day for session in sessions]
    days = [_seen_day(look, sessions) for look in looks]
    exact = np.array([day for day in days if day is not None], dtype=np.float64)
    skeleton = day_grid(starts, horizon) if dense else np.array([*starts, horizon])
    return np.unique(np.concatenate([[0.0], skeleton, exact]))


@dataclass(frozen=True)
class _Plan:
    """Everything about one arm that does not change from block to block."""

    arm: Arm
    seat: _Seat
    looks: tuple[Look, ...]
    scales: Mapping[str, Scale]
    horizon: float
    dense: bool

    def sessions(self, block: int) -> tuple[Session, ...]:
        """What is done in one block of worlds."""
        chosen = self.arm.protocols[block % len(self.arm.protocols)]
        return tuple(s for s in _read_only(chosen, self.arm.read_zones) if s.day < self.horizon)


def _plan(study: Study, key: str, seat: _Seat, scale_of: ScaleOf) -> _Plan:
    rows = [f for f in study.findings if key in (f.arm, f.versus)]
    scales = {f.scale: scale_of(f.scale) for f in rows}
    kinds = {name: one.kind for name, one in scales.items()}
    looks = dict.fromkeys(look_of(f, kinds[f.scale]) for f in rows)
    looks |= dict.fromkeys(Look(f.scale, None) for f in rows if needs_baseline(f, kinds[f.scale]))
    for look in looks:
        if look.day is None and kinds[look.scale] is Kind.OUTCOME:
            raise MicropenError(
                f"a finding on {look.scale} has no day up to which it was looked for"
            )
    return _Plan(
        arm=study.arms[key],
        seat=seat,
        looks=tuple(looks),
        scales=scales,
        horizon=_horizon(list(looks), rows, kinds),
        dense=any(one.kind is not Kind.LEVEL or one.whole_course for one in scales.values()),
    )


def _course(
    sessions: Sequence[Session],
    people: People,
    grid: Array,
    parameters: ParameterSet,
    seed: int,
    chain: Chain,
) -> Course:
    doses = doses_of(sessions, people, parameters, seed)
    population = lanes(chain, people, doses, parameters, seed=seed)
    origin = CourseOrigin(
        parameter_set=parameters.name,
        digest="",  # of no use here, and slow
        version=__version__,
        seed=seed,
        draws=people.draws,
        session_days=tuple(session.day for session in sessions),
        lowest_grade=parameters.lowest_grade(),
        citations=(),
    )
    return course_of_doses(doses, population, grid, origin, parameters, chain=chain)


class _Listening:
    """A course's data that remembers which signs were asked for."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self.signs: set[str] = set()

    def __getitem__(self, sign: str) -> object:
        self.signs.add(sign)
        return self._course.dataset[sign]

    def __getattr__(self, name: str) -> object:
        return getattr(self._course.dataset, name)


def _rehearse(plan: _Plan, parameters: ParameterSet, seed: int) -> tuple[Chain, dict[Look, str]]:
    """Return the part of the chain that an arm's observers look at, and the looks they refuse.

    Found by letting them look once at a few people: a scale need not declare what it reads.
    """
    chain = default_chain()
    view = _view(plan, 1, 0, parameters, seed, chain)
    heard = _Listening(view.course)
    course = replace(view.course, dataset=heard)  # type: ignore[arg-type]
    listening = replace(view, course=course, _faces={})
    sessions, refused = plan.sessions(0), {}
    for look in plan.looks:
        try:
            plan.scales[look.scale].observe(listening, _seen_day(look, sessions))
        except MicropenError as error:
            refused[look] = str(error)
    signs = heard.signs & set(chain.signs)  # coordinates are asked for by name too
    return (chain.giving(signs) if signs else chain), refused


def _view(
    plan: _Plan, worlds: int, block: int, parameters: ParameterSet, seed: int, chain: Chain
) -> View:
    """Simulate some worlds of an arm."""
    seat, sessions = plan.seat, plan.sessions(block)
    people = sample_people(plan.arm.group, worlds * seat.in_world, seed)
    members = parameters.in_worlds(seat.in_world)
    grid = _grid(plan.looks, sessions, plan.horizon, plan.dense)
    return View(
        course=_course(sessions, people, grid, members, seed, chain),
        people=people,
        zones=plan.arm.read_zones,
        parameters=members,
        seed=seed,
        baselines=plan.arm.baselines,
        controlled=plan.arm.controlled,
        sessions=sessions,
    )


def _look(plan: _Plan, worlds: int, block: int, view: View) -> dict[Look, Array]:
    """Look at some worlds of an arm; values of shape ``(world, person)``."""
    seat, sessions = plan.seat, plan.sessions(block)
    chosen = slice(seat.first, seat.first + seat.people)
    found = {}
    for look in plan.looks:
        day = _seen_day(look, sessions)
        values = np.asarray(plan.scales[look.scale].observe(view, day), dtype=np.float64)
        found[look] = values.reshape(worlds, seat.in_world)[:, chosen]
    return found


def _blocks(study: Study, plans: Sequence[_Plan], trials: int) -> list[int]:
    """Worlds of each block, alike in all arms, so that worlds of two arms are the same ones."""
    size = 1.0
    for plan in plans:
        sessions = plan.sessions(0)
        days = _grid(plan.looks, sessions, plan.horizon, plan.dense).size
        size = max(size, float(trials) * plan.seat.in_world * days)
    protocols = max(len(study.arms[key].protocols) for key in study.arms)
    least = max(_FEWEST_BLOCKS, int(np.ceil(size / _BLOCK_SIZE)))
    count = min(trials, protocols * -(-least // protocols))
    return [len(part) for part in np.array_split(np.arange(trials), count)]


@dataclass(frozen=True)
class Rehearsal:
    """A study made ready to be simulated, as often as wanted.

    Parameters
    ----------
    study
        Its key.
    blocks
        Worlds of each block.
    seed
        Of the simulation.
    """

    study: str
    blocks: tuple[int, ...]
    seed: int
    _plans: Mapping[str, _Plan]
    _chains: Mapping[str, Chain]
    _refused: Mapping[str, Mapping[Look, str]]

    @property
    def arms(self) -> tuple[str, ...]:
        """Arms that a finding reports on."""
        return tuple(self._plans)

    def view(self, arm: str, block: int, parameters: ParameterSet) -> View:
        """Simulate one block of worlds of an arm."""
        purpose = f"studies.{self.study}.block {block}"
        own = int(stream(self.seed, purpose).integers(2**31 - 1))
        chain, plan = self._chains[arm], self._plans[arm]
        return _view(plan, self.blocks[block], block, parameters, own, chain)

    def seen(self, arm: str, views: Iterable[View]) -> ArmTrials:
        """Look at the blocks of an arm, in their order."""
        plan = self._plans[arm]
        parts = [
            _look(plan, worlds, block, view)
            for block, (worlds, view) in enumerate(zip(self.blocks, views, strict=True))
        ]
        values = {look: np.concatenate([part[look] for part in parts]) for look in plan.looks}
        return ArmTrials(values, self._refused[arm])


def rehearse(
    study: Study,
    parameters: ParameterSet,
    *,
    trials: int = 200,
    seed: int = 0,
    scale_of: ScaleOf = scale,
) -> Rehearsal:
    """Make a study ready to be simulated; arguments and errors as of `simulate`."""
    if not FEWEST_TRIALS <= trials <= MOST_TRIALS:
        raise MicropenError(
            f"The number of trials is {trials}; it must lie between {FEWEST_TRIALS} and "
            f"{MOST_TRIALS}."
        )
    whole = {key: _plan(study, key, seat, scale_of) for key, seat in _seats(study).items()}
    blocks = _blocks(study, list(whole.values()), trials) if whole else []
    plans, chains, refused = {}, {}, {}
    for key, plan in whole.items():
        chains[key], refused[key] = _rehearse(plan, parameters, seed)
        looks = tuple(look for look in plan.looks if look not in refused[key])
        plans[key] = replace(plan, looks=looks)
    return Rehearsal(study.key, tuple(blocks), seed, plans, chains, refused)


def simulate(
    study: Study,
    parameters: ParameterSet,
    *,
    trials: int = 200,
    seed: int = 0,
    progress: Progress | None = None,
    scale_of: ScaleOf = scale,
) -> dict[str, ArmTrials]:
    """Simulate every arm of a study that a finding reports on.

    Parameters
    ----------
    study
        Who was treated how, and what was looked at.
    parameters
        Parameter set; uncertainties and between-person spreads are both drawn from it.
    trials
        Virtual trials, 20 to 5000.
    seed
        The same seed gives the same numbers; each study has its own streams.
    progress
        Called with the share done.
    scale_of
        Observation models by name.

    Returns
    -------
    dict
        Arm to what was seen. Trial k of one arm and trial k of another share what is not known;
        sides of the same faces share the people too.

    Raises
    ------
    MicropenError
        For too few or too many trials, an unknown scale, or a day beyond the model.
    """
    ready = rehearse(study, parameters, trials=trials, seed=seed, scale_of=scale_of)
    count = len(ready.blocks)

    def views(index: int, arm: str) -> Iterator[View]:
        for block in range(count):
            yield ready.view(arm, block, parameters)
            if progress is not None:
                progress((index * count + block + 1) / (len(ready.arms) * count))

    return {arm: ready.seen(arm, views(index, arm)) for index, arm in enumerate(ready.arms)}
