"""A study as the fit predicts it: simulated as it was done, with the same people at every point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from micropen.calibration.free import Array, FreeSpace
from micropen.calibration.target import Target, spread_of, target_of, vote_weights
from micropen.errors import MicropenError
from micropen.evidence import Parameter, ParameterSet
from micropen.observation import View, scale
from micropen.studies import Finding, Role, Study
from micropen.studies.prediction import predict
from micropen.studies.trial import ArmTrials, Rehearsal, rehearse, simulate

# People per virtual trial and virtual trials: an expectation needs a hundred people or two, and
# several raters; the spread between trials needs more trials.
_PEOPLE: Final = 6
_TRIALS: Final = 20
_TRIALS_FOR_SPREAD: Final = 60
# What observers read does not change the course; courses that are kept for each study.
_OBSERVED: Final = "observation."
_KEPT: Final = 2


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that the fit could not use, and why."""

    finding: str
    reason: str


@dataclass
class _Stage:
    """A study's rehearsal, and its last courses: observers need no new ones."""

    rehearsal: Rehearsal | None = None
    kept: dict[int, dict[str, list[View]]] = field(default_factory=dict)

    def __reduce__(self) -> tuple[type[_Stage], tuple[()]]:
        """Travel to another process empty: observers' functions cannot, and it is quickly made."""
        return _Stage, ()

    def ready(self, study: SimulatedStudy, parameters: ParameterSet) -> Rehearsal:
        if self.rehearsal is None:
            self.rehearsal = rehearse(study.study, parameters, trials=_TRIALS, seed=study.seed)
        return self.rehearsal

    def views(self, study: SimulatedStudy, parameters: ParameterSet) -> dict[str, list[View]]:
        key = hash(
            tuple(
                (name, member.value, member.between_person_sd)
                for name, member in parameters.members.items()
                if not name.startswith(_OBSERVED)
            )
        )
        if key not in self.kept:
            ready = self.ready(study, parameters)
            while len(self.kept) >= _KEPT:
                del self.kept[next(iter(self.kept))]
            self.kept[key] = {
                arm: [ready.view(arm, block, parameters) for block in range(len(ready.blocks))]
                for arm in ready.arms
            }
        return self.kept[key]


@dataclass(frozen=True)
class SimulatedStudy:
    """One study with the findings that the fit uses.

    Parameters
    ----------
    study
        With these findings only, and few people per trial.
    findings
        As published.
    targets
        What was found, with its errors.
    seed
        Of the simulated people.
    """

    study: Study
    findings: tuple[Finding, ...]
    targets: tuple[Target, ...]
    seed: int
    _stage: _Stage = field(default_factory=_Stage, repr=False, compare=False)

    def predict(self, parameters: ParameterSet) -> Array:
        """Return the expected statistics, one per finding."""
        views = self._stage.views(self, parameters)
        ready = self._stage.ready(self, parameters)
        trials = _pooled(
            {
                arm: ready.seen(arm, (replace(v, parameters=_of(parameters, v)) for v in own))
                for arm, own in views.items()
            }
        )
        return np.array([_expected(finding, trials, self.seed) for finding in self.findings])

    def reads(self, parameters: ParameterSet) -> frozenset[str]:
        """Return the names of the parameters that its prediction depends on."""
        self._stage.ready(self, parameters)  # a rehearsal plays all processes, needed or not
        heard = _Listening(parameters.members)
        fresh = replace(self, _stage=_Stage(self._stage.rehearsal))
        fresh.predict(replace(parameters, members=heard))
        return frozenset(heard.read)


class _Listening(dict[str, Parameter]):
    """Parameters that remember which of them were asked for."""

    def __init__(self, members: Mapping[str, Parameter]) -> None:
        super().__init__(members)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Parameter:
        self.read.add(name)
        return super().__getitem__(name)


def _of(parameters: ParameterSet, view: View) -> ParameterSet:
    return parameters.in_worlds(view.parameters.people_per_world)


def _few_people(study: Study, findings: Sequence[Finding]) -> Study:
    """The study with some of its findings and few people per virtual trial."""
    return replace(study, findings=tuple(replace(f, n=min(f.n, _PEOPLE)) for f in findings))


def _pooled(trials: dict[str, ArmTrials]) -> dict[str, ArmTrials]:
    """All people of all trials as one large trial."""
    return {
        arm: ArmTrials({look: values.reshape(1, -1) for look, values in seen.values.items()})
        for arm, seen in trials.items()
    }


def _expected(finding: Finding, pooled: dict[str, ArmTrials], seed: int) -> float:
    """A finding's statistic over all people of its arms."""
    arms = [pooled[arm] for arm in (finding.arm, finding.versus) if arm]
    people = min(values.shape[1] for seen in arms for values in seen.values.values())
    return float(
        predict(replace(finding, n=people), scale(finding.scale), pooled, seed=seed).sample[0]
    )


def simulated_study(
    study: Study, space: FreeSpace, seed: int, role: Role | None = Role.FIT
) -> tuple[SimulatedStudy | None, list[Left]]:
    """Prepare a study for the fit.

    Parameters
    ----------
    study
        A study of any role.
    space
        What may move; gives the prior.
    seed
        Of the simulated people.
    role
        Use the findings of this role only; None for all.

    Returns
    -------
    SimulatedStudy or None, list of Left
        None if it has no finding to fit to; and what could not be used, with the reason.
    """
    findings = [f for f in study.findings if role is None or f.role is role]
    if not findings:
        return None, []
    few = _few_people(study, findings)
    try:
        prior = space.at(np.zeros(space.size))
        trials = simulate(few, prior, trials=_TRIALS_FOR_SPREAD, seed=seed)
    except MicropenError as error:
        return None, [Left(finding.key, str(error)) for finding in findings]
    samples, left = {}, []
    for finding in findings:
        try:
            samples[finding] = predict(finding, scale(finding.scale), trials, seed=seed).sample
        except MicropenError as error:
            left.append(Left(finding.key, str(error)))
    if not samples:
        return None, left
    used, own = list(samples), [scale(finding.scale) for finding in samples]
    votes = space.prior.value("calibration.votes.rows_per_scale")
    spreads = [spread_of(f, s, samples[f]) for f, s in zip(used, own, strict=True)]
    weights = vote_weights([finding.scale for finding in used], spreads, votes)
    targets = [
        target_of(f, study.key, s, samples[f], weight, space.prior)
        for f, s, weight in zip(used, own, weights, strict=True)
    ]
    few = _few_people(study, used)
    return SimulatedStudy(few, tuple(used), tuple(targets), seed), left
