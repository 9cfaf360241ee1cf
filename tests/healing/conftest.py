"""Synthetic doses: the tests of healing do not lean on how punctures work them out."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.healing.chain import default_chain
from micropen.healing.engine import Lanes
from micropen.healing.population import Dose, lanes
from micropen.punctures import Wound
from micropen.treatment import People, Person, Treatment

_PERSON = {"age_years": 35, "sex": "female", "phototype": 2.5}


def synthetic_wound(draws, dose=1.0, day=0.0, zones=ZONES, widening=0.0):
    """A wound of so many times the reference session, the same in every draw."""
    parameters = load_parameters()
    treated = np.array([float(zone in zones and dose > 0.0) for zone in ZONES])
    on = np.tile(treated, (draws, 1))
    epidermal = parameters.value("healing.population.reference_epidermal_wound")
    dermal = parameters.value("healing.population.reference_dermal_wound")
    return Wound(
        day=day,
        puncture_density_cm2=270.0 * dose * on,
        mean_depth_mm=on,
        breached_area_fraction=np.minimum(0.015 * dose, 1.0) * on,
        epidermal_wound_volume_mm3_cm2=epidermal * dose * on,
        papillary_wound_volume_mm3_cm2=0.5 * dermal * dose * on,
        reticular_wound_volume_mm3_cm2=0.5 * dermal * dose * on,
        vascular_injury=dose * on,
        bleeding_density_cm2=8.0 * dose * on,
        pain_during_vas=np.minimum(2.0 * dose, 9.0) * on,
        pain_after_vas=np.minimum(0.2 * dose, 2.0) * on,
        depth_widening=widening * on,
    )


@dataclass
class Laboratory:
    """Builds lanes for tests."""

    chain = default_chain()
    parameters = load_parameters()

    def lanes(
        self, draws=4, days=(0.0,), dose=1.0, zones=("cheek_left",), seed=0, parameters=None, **who
    ) -> Lanes:
        doses = [Dose(synthetic_wound(draws, dose, day, zones), anaesthetised=True) for day in days]
        person = Person.model_validate({**_PERSON, **who})
        members = parameters or self.parameters
        return lanes(self.chain, People.of(person, draws), doses, members, seed=seed)


@pytest.fixture(scope="session")
def laboratory():
    return Laboratory()


@pytest.fixture(scope="session")
def wound():
    return synthetic_wound


@pytest.fixture(scope="session")
def treatment():
    """Builds treatments: one or more sessions of a 14-needle pen."""

    def build(needle_length_mm=1.0, sessions=1, interval=30, passes=4, zones=None, **who):
        where = {"needle_length_mm": needle_length_mm, "passes": passes}
        settings = {"face": where} if zones is None else {"zones": dict.fromkeys(zones, where)}
        first = date(2026, 5, 8)
        return Treatment.from_dict(
            {
                "person": {**_PERSON, **who},
                "session": [
                    {
                        "date": first + timedelta(days=interval * number),
                        "device": "SkinPen Precision",
                        "anaesthetic": "topical",
                        **settings,
                    }
                    for number in range(sessions)
                ],
            }
        )

    return build
