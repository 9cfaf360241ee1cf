"""The time that conditions need before a first session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil

from micropen.planning.intake.client import Client
from micropen.planning.suitability.verdict import Suitability


def prepared(client: Client, suitability: Suitability) -> Suitability:
    """Leave the time that conditions need before a first session: a test spot, strict shade.

    Parameters
    ----------
    client
        Whose diary may say since when they are kept.
    suitability
        As assessed.

    Returns
    -------
    Suitability
        With a later first day, where that time is not over yet.
    """
    days = max((ceil(finding.prepares_days) for finding in suitability.findings), default=0)
    if suitability.earliest is None or not days:
        return suitability
    begun = client.diary.prepared_since or client.today
    earliest = max(suitability.earliest, begun + timedelta(days=days))
    return replace(suitability, earliest=earliest)
