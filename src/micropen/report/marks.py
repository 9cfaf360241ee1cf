"""Simulated pictures say so: a small mark in the pixels, and IPTC metadata in the file."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

# IPTC's vocabulary has three near terms. "algorithmicallyEnhanced" is for changes that leave the
# main content as it was; here the state of the skin is the content, and it is changed.
# "compositeWithTrainedAlgorithmicMedia" is for generative models; none is used. A real capture
# into which computed redness, flakes and papules are mixed is "compositeSynthetic": a composite
# of elements of which at least one is synthetic.
DIGITAL_SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"

_PACKET: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 Iptc4xmpExt:DigitalSourceType={source_type} xmp:CreatorTool={tool}>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

# Height of the letters as a share of the picture's shorter side; small, yet readable on a phone.
_TEXT_SHARE: Final = 0.026
_TEXT_LEAST_PX: Final = 12
_INK: Final = (255, 255, 255, 235)
_PLATE: Final = (20, 24, 22, 105)


def xmp_packet(text: str, version: str) -> bytes:
    """XMP that declares a picture or film as simulated.

    Parameters
    ----------
    text
        Description in words.
    version
        Version of the program.

    Returns
    -------
    bytes
        UTF-8 packet with IPTC DigitalSourceType.
    """
    packet = _PACKET.format(
        source_type=quoteattr(DIGITAL_SOURCE_TYPE),
        tool=quoteattr(f"micropen {version}"),
        text=escape(text),
    )
    return packet.encode("utf-8")


def mark_simulated(picture: NDArray[np.uint8], text: str, left: str = "") -> NDArray[np.uint8]:
    """Draw a small mark into the lower right corner, and perhaps a label into the lower left.

    Parameters
    ----------
    picture
        ``(height, width, 3)`` uint8.
    text
        The mark, ``"Simulated · day 3"``.
    left
        Label at the left, or empty.

    Returns
    -------
    numpy.ndarray
        A marked copy.
    """
    marked = picture.copy()
    height, width = picture.shape[:2]
    size = max(round(min(height, width) * _TEXT_SHARE), _TEXT_LEAST_PX)
    margin = round(size * 0.9)
    plate = _plate(text, size)
    _lay(marked, plate, height - plate.shape[0] - margin, width - plate.shape[1] - margin)
    if left:
        plate = _plate(left, round(size * 1.7))
        _lay(marked, plate, height - plate.shape[0] - margin, margin)
    return marked


@lru_cache(maxsize=256)
def _plate(text: str, size: int) -> NDArray[np.uint8]:
    """White letters on a half-clear rounded plate, RGBA."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    pad_x, pad_y = round(size * 0.75), round(size * 0.42)
    ascent = round(size * 1.1)
    shape = (round(right - left) + 2 * pad_x, ascent + 2 * pad_y)
    image = Image.new("RGBA", shape, (*_PLATE[:3], 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, shape[0] - 1, shape[1] - 1), shape[1] // 2, fill=_PLATE)
    middle = (ascent - (bottom - top)) / 2 - top
    letters = Image.new("RGBA", shape, (*_INK[:3], 0))
    ImageDraw.Draw(letters).text((pad_x - left, pad_y + middle), text, font=font, fill=_INK)
    return np.asarray(Image.alpha_composite(image, letters), dtype=np.uint8)


def _lay(picture: NDArray[np.uint8], plate: NDArray[np.uint8], top: int, left: int) -> None:
    """Blend a plate into `picture`, in place; what does not fit is cut off."""
    top, left = max(top, 0), max(left, 0)
    region = picture[top : top + plate.shape[0], left : left + plate.shape[1]]
    part = plate[: region.shape[0], : region.shape[1]].astype(np.float32)
    alpha = part[..., 3:] / 255.0
    region[...] = np.rint(region * (1.0 - alpha) + part[..., :3] * alpha).astype(np.uint8)
