"""The words under the picture: from the values of the signs on one day, by thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from micropen.report.series import SignSeries
from micropen.report.words import Vocabulary, joined, sentence

# How near to its highest value a sign still counts as being at its height.
_AT_HEIGHT = 0.85
# Below this share of its height a sign is at its last.
_LAST = 0.5
# Days after a session in which skin is smooth and shiny from swelling and serum, not from healing.
_FRESH = 1.0
_PRAISE = frozenset({"gloss", "relief"})


@dataclass(frozen=True, slots=True)
class Caption:
    """A headline of a few words and one to three sentences."""

    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The treated area on one day of one scenario.

    Parameters
    ----------
    day
        Days since the first session.
    since_session
        Days since the last session before it.
    value, peak
        Per sign, the value now and the highest so far since that session, in the sign's unit.
    height
        Per sign, the highest value between that session and the next.
    vocabulary
        Thresholds of the words.
    melasma
        Whether there are dark patches to speak of.
    """

    day: float
    since_session: float
    value: Mapping[str, float]
    peak: Mapping[str, float]
    height: Mapping[str, float]
    vocabulary: Vocabulary
    melasma: bool = False

    def shown(self, sign: str) -> float:
        """Value that words and meters speak of: no smoothness or glow in the first 24 hours."""
        fresh = sign in _PRAISE and self.since_session < _FRESH
        return 0.0 if fresh else self.value[sign]

    def level(self, sign: str) -> int:
        """Level of a sign now, 0 none to 3 strong."""
        return self.vocabulary.level(sign, self.shown(sign))

    def has_been(self, sign: str, level: int) -> bool:
        """Whether a sign has reached a level since the session."""
        return self.vocabulary.level(sign, self.peak[sign]) >= level

    def phase(self, sign: str) -> str:
        """``"rising"``, ``"height"`` or ``"falling"``."""
        if self.value[sign] >= _AT_HEIGHT * self.height[sign]:
            return "height"
        return "falling" if self.peak[sign] >= _AT_HEIGHT * self.height[sign] else "rising"


def moment(
    series: Mapping[str, SignSeries],
    day: float,
    window: tuple[float, float],
    vocabulary: Vocabulary,
    *,
    melasma: bool = False,
) -> Moment:
    """Collect what the captions need for one day.

    Parameters
    ----------
    series
        Per sign, the course of one scenario.
    day
        Days since the first session.
    window
        Day of the session before it and of the next one (or the end).
    vocabulary
        Thresholds of the words.
    melasma
        Whether the person has melasma.
    """
    start, end = window
    value, peak, height = {}, {}, {}
    for name, curve in series.items():
        value[name] = curve.at(day)
        inside = (curve.days >= start) & (curve.days < max(end, start + 1e-9))
        so_far = inside & (curve.days <= day)
        peak[name] = max([value[name], *curve.median[so_far]])
        height[name] = max([peak[name], *curve.median[inside]])
    return Moment(day, day - start, value, peak, height, vocabulary, melasma)


def caption(now: Moment) -> Caption:
    """Write the caption of one day.

    Returns
    -------
    Caption
        Headline of at most two facts, the most visible first; the text says the rest.
    """
    facts = _visible(now)
    headline = sentence(", ".join(facts[:2]) or _quiet(now)).rstrip(".")
    rest = [sentence(fact) for fact in facts[2:]]
    lines = [*rest, _feeling(now), _skin(now) if facts else "", _beneath(now)]
    return Caption(headline, " ".join(line for line in lines if line))


def _visible(now: Moment) -> list[str]:
    """Visible facts, the most remarkable first."""
    ranked = [
        (3 * now.level("erythema"), _redness(now)),
        (3 * now.level("scaling") - 1, _flaking(now)),
        (2 * now.level("lesions") - 1, _breakouts(now)),
        (2 * now.level("pinpoint_bleeding"), _dots(now)),
        (2 * now.level("swelling"), _swelling(now)),
        (2 * now.level("gloss"), _glow(now)),
    ]
    ranked.sort(key=lambda item: -item[0])
    return [text for _, text in ranked if text]


def _redness(now: Moment) -> str:
    level = now.level("erythema")
    if level >= 3:
        return "red like a strong sunburn" if now.since_session < 1 else "still clearly red"
    if level == 2:
        easing = now.has_been("erythema", 3)
        return "pink but no longer red" if easing else "pink like a mild sunburn"
    faded = now.has_been("erythema", 2)
    if level == 1:
        return "most redness gone" if faded else "faintly pink"
    settling = now.level("scaling") > 0 or now.level("lesions") > 0
    return "redness gone" if faded and settling else ""


def _flaking(now: Moment) -> str:
    level = now.level("scaling")
    if level <= 0:
        return ""
    words = ("", "a few small flakes", "light flaking", "peeling")[level]
    phase = now.phase("scaling")
    if phase == "height" and level >= 2:
        return f"{words} at its height"
    if phase == "falling":
        last = now.value["scaling"] < _LAST * now.height["scaling"]
        few = "the last small flakes" if last else "small flakes easing"
        return ("", few, "light flaking easing", "peeling easing")[level]
    return words


def _breakouts(now: Moment) -> str:
    level = now.level("lesions")
    return ("", "perhaps a spot or two", "a few spots", "many small spots")[max(level, 0)]


def _dots(now: Moment) -> str:
    level = now.level("pinpoint_bleeding")
    if level <= 0:
        return ""
    dots = "tiny blood dots" if now.since_session < 0.5 else "tiny crusts"
    return ("", f"a few {dots}", dots, f"many {dots}")[level]


def _swelling(now: Moment) -> str:
    return ("", "slightly puffy", "puffy", "swollen")[max(now.level("swelling"), 0)]


def _glow(now: Moment) -> str:
    level = now.level("gloss")
    if level <= 0:
        return ""
    words = ("", "a hint of glow", "the glow", "a strong glow")[level]
    return f"{words}, fading" if now.phase("gloss") == "falling" else words


def _quiet(now: Moment) -> str:
    if now.level("relief") >= 1:
        return "your usual skin, a little smoother"
    if now.level("pigment") <= -2:
        return f"your usual skin, {_lighter(now)}"
    return "back to your usual skin"


def _lighter(now: Moment) -> str:
    return "dark patches a little lighter" if now.melasma else "a shade lighter"


def _feeling(now: Moment) -> str:
    level = now.level("barrier_defect")
    parts = [
        "",
        "the skin may feel a little tight",
        "the skin feels tight and dry",
        "the skin barrier is still open: clean hands, gentle care only",
    ]
    sore = now.level("pain")
    if sore >= 2 and now.since_session > 0:
        return sentence("it may still be sore")
    return sentence(parts[max(level, 0)])


def _skin(now: Moment) -> str:
    parts = []
    if now.level("relief") >= 1:
        parts.append("fine texture is softer" if now.level("relief") == 1 else "skin is smoother")
    pigment = now.level("pigment")
    if pigment <= -2:
        parts.append(f"{_lighter(now)} than before")
    if pigment >= 2:
        what = "dark patches" if now.melasma else "some places"
        parts.append(f"{what} may look darker for now")
    return sentence(joined(parts))


def _beneath(now: Moment) -> str:
    """Say so when the picture hardly differs from before, so that nobody takes it for nothing."""
    if _visible(now) or now.since_session < 7:
        return ""
    more = now.value["collagen"]
    if now.vocabulary.level("collagen", more) < 1:
        return "The picture looks almost the same as before."
    return (
        f"The picture looks almost the same as before: what stays is below the surface, "
        f"about {100 * more:.0f} % more collagen, and slow to show."
    )
