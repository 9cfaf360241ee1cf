"""The inverse problem of one person: a prior of standard normals, and terms of a likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.likelihood import Seen, Term, terms_of
from micropen.estimation.likelihood.counts import HEIGHT_DAY
from micropen.estimation.likelihood.term import face_shares
from micropen.estimation.prediction import Predictor
from micropen.estimation.readings import Readings
from micropen.estimation.unknowns import Asked, Unknowns
from micropen.evidence import ParameterSet
from micropen.treatment import Treatment

Array = NDArray[np.float64]

# Days that every prediction reports, so that a course is never a single moment.
_ALWAYS: Final = (0.0, 1.0)
_REHEARSAL: Final = 2
# Log-posterior of what cannot be; finite, so that differences of two stay numbers.
_IMPOSSIBLE: Final = -1e9


@dataclass(frozen=True, eq=False)
class Problem:
    """What is known of one person, and what could explain it.

    Parameters
    ----------
    treatment
        Person and all sessions, also those still to come.
    unknowns
        Standard normals to be found.
    predictor
        Forecast of the observed days.
    terms
        Of the likelihood.
    shares
        Share of each zone in the treated area, shape ``(zone,)``.
    members
        The population's parameter set.
    engine_columns
        Indices of the unknowns that move an observed sign.
    readings
        What is known of the person.
    """

    treatment: Treatment
    unknowns: Unknowns
    predictor: Predictor
    terms: tuple[Term, ...]
    shares: Array
    members: ParameterSet
    engine_columns: NDArray[np.int64]
    readings: Readings

    @classmethod
    def of(
        cls,
        treatment: Treatment,
        readings: Readings,
        members: ParameterSet,
        seed: int = 0,
    ) -> Problem:
        """Prepare the problem of one person.

        Parameters
        ----------
        treatment
            Person and sessions.
        readings
            What is known.
        members
            The population's parameter set.
        seed
            Of everything random.
        """
        terms = terms_of(readings, treatment.person, members)
        signs = dict.fromkeys(sign for term in terms for sign in term.signs)
        starts = treatment.days
        last = max((*readings.days, 0.0))
        begun_on = [day for day in starts if day <= last]
        height = [HEIGHT_DAY] if readings.counts else []
        days = (*_ALWAYS, *begun_on, *height, *readings.days)
        begun = _begun(treatment, max(last, 0.0))
        predictor = Predictor.of(begun, members, signs or ("erythema",), days, seed)
        everything = Asked()
        whole = Predictor.of(treatment, members, None, (*_ALWAYS, *starts), seed)
        whole.course(everything.on(members, _REHEARSAL), _REHEARSAL)
        shares = face_shares(treatment.zones, members)
        read, own = _what_is_read(predictor, terms, members, shares)
        everything.parameters.update(read.parameters)
        unknowns = Unknowns.of(everything, members, own)
        return cls(
            treatment,
            unknowns,
            predictor,
            terms,
            shares,
            members,
            _columns(unknowns, read),
            readings,
        )

    def seen(self, values: Array) -> Seen:
        """Forecast given persons, shape ``(draw, unknown)``, on the observed days."""
        parameters = self.unknowns.parameter_set(values)
        course = self.predictor.course(parameters, values.shape[0])
        return Seen(course, parameters, self.unknowns.own_normals(values), self.shares)

    def predictions(self, values: Array) -> tuple[Array, ...]:
        """What each term expects of given persons, each ``(draw, reading)``."""
        seen = self.seen(values)
        return tuple(term.predicted(seen) for term in self.terms)

    def log_likelihood(self, predictions: Sequence[Array]) -> Array:
        """Of all terms, shape ``(draw,)``."""
        parts = [t.log_likelihood(p) for t, p in zip(self.terms, predictions, strict=True)]
        return np.asarray(np.sum(parts, axis=0))

    def log_posterior(self, values: Array) -> Array:
        """Up to a constant, shape ``(draw,)``."""
        height = self.log_likelihood(self.predictions(values)) - 0.5 * (values**2).sum(axis=1)
        # A person so far out that the forecast has no value for them is no candidate.
        return np.where(np.isfinite(height), height, _IMPOSSIBLE)


def _begun(treatment: Treatment, until: float) -> Treatment:
    """Leave out sessions after the last reading: they cannot have caused it."""
    sessions = tuple(s for s in treatment.sessions if s.day <= until)
    return treatment.model_copy(update={"sessions": sessions})


def _what_is_read(
    predictor: Predictor,
    terms: Sequence[Term],
    members: ParameterSet,
    shares: Array,
) -> tuple[Asked, tuple[str, ...]]:
    """Unknowns that the observed signs and the observations themselves read."""
    asked = Asked()
    recording = asked.on(members, _REHEARSAL)
    own = tuple(dict.fromkeys(name for term in terms for name in term.own))
    normals = {name: np.zeros(_REHEARSAL) for name in own}
    course = predictor.course(recording, _REHEARSAL)
    seen = Seen(course, recording, normals, shares)
    for term in terms:
        term.predicted(seen)
    return asked, own


def _columns(unknowns: Unknowns, read: Asked) -> NDArray[np.int64]:
    reads = [name in read.parameters for name in unknowns.parameters]
    # A parameter whose uncertainty moves with that of others moves with their normals too.
    chosen = np.flatnonzero(unknowns.mixing[reads].any(axis=0)).tolist()
    for purpose, block in unknowns.blocks().items():
        if purpose in read.scatter:
            chosen += range(block.start, block.stop)
    return np.array(chosen, dtype=np.int64)
