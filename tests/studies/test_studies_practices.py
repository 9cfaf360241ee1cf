"""What practices say: the fold of the coded statements against the table that was published."""

import pytest

from micropen.evidence import Grade
from micropen.observation import scales
from micropen.studies import Role
from micropen.studies.practice_timelines import (
    DAYS,
    FEWEST_FAMILIES,
    SIGNS,
    families,
    fold,
    held_out_families,
    practice_timelines,
    practice_timelines_held_out,
)

# Families that say present / between / absent, days 0-8, 10 and 14, as counted when coding.
TABLE = {
    "redness": "43/0/0 17/23/2 5/13/23 2/3/35 1/0/38 1/0/40 0/1/40 0/0/41 0/0/41 0/0/41 0/0/41",
    "swelling": "20/0/0 12/3/0 2/1/4 0/1/5 0/0/6 0/0/6 0/0/6 0/0/6 0/0/6 0/0/6 0/0/6",
    "peeling": "0/0/11 5/0/10 11/1/6 14/1/1 14/0/1 11/0/1 6/1/1 5/2/1 0/2/6 0/1/7 0/0/8",
    "glow": "0/0/6 0/0/6 0/0/6 0/0/6 0/0/6 0/1/5 1/1/4 3/1/2 3/1/2 3/1/2 5/1/0",
    "makeup_allowed": "0/1/18 13/2/4 17/2/0 19/0/0 19/0/0 19/0/0 19/0/0 19/0/0 19/0/0 19/0/0 "
    "19/0/0",
}
HALVES = (practice_timelines(), practice_timelines_held_out())


@pytest.fixture(scope="module")
def everybody():
    return fold(families())


@pytest.mark.parametrize("sign", SIGNS)
def test_the_whole_fold_is_the_published_table(everybody, sign):
    cells = [everybody[sign, day] for day in DAYS]
    found = " ".join(f"{cell.present}/{cell.between}/{cell.absent}" for cell in cells)
    assert found == TABLE[sign]


@pytest.mark.parametrize(
    ("sign", "day", "share"),
    [("redness", 1, 0.68), ("redness", 2, 0.28), ("peeling", 4, 0.93), ("makeup_allowed", 1, 0.74),
     ("swelling", 1, 0.90), ("glow", 7, 0.58)],
)  # fmt: skip
def test_shares(everybody, sign, day, share):
    assert everybody[sign, day].share == pytest.approx(share, abs=0.005)


def test_one_family_one_vote_and_half_of_them_held_out():
    assert len(families()) == 49
    assert len(held_out_families()) == 24
    assert [study.arms["usual"].group.n for study in HALVES] == [25, 24]


def test_the_halves_do_not_share_a_voice(everybody):
    mine = fold(set(families()) - held_out_families())
    theirs = fold(held_out_families())
    for place, cell in everybody.items():
        assert mine[place].families + theirs[place].families == cell.families
        assert mine[place].present + theirs[place].present == cell.present


@pytest.mark.parametrize(
    ("study", "role"), list(zip(HALVES, (Role.FIT, Role.HELD_OUT), strict=True))
)
def test_as_studies(study, role):
    assert study.role is role
    known = scales()
    assert len(study.findings) > 25
    for finding in study.findings:
        assert finding.role is role
        assert finding.grade is Grade.C
        assert finding.n >= FEWEST_FAMILIES
        assert 0 <= finding.low == finding.high <= 1
        assert finding.scale in known
    arm = study.arms["usual"]
    assert len(arm.protocols) == 4
    assert "needle_length_mm" in arm.assumed
    assert all(0.5 < p[0].deepest_mm < 1.5 for p in arm.protocols)
