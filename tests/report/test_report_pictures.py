from __future__ import annotations

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from micropen.report.images import (
    capped,
    choose_encoding,
    eight_bit,
    face_crop,
    jpeg,
    webp,
)
from micropen.report.marks import DIGITAL_SOURCE_TYPE, mark_simulated, xmp_packet

PACKET = xmp_packet("Simulated · day 3 <&>", "0.1.0")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("encode", [jpeg, lambda p, x: webp(p, 82, x)], ids=["jpeg", "webp"])
def test_encoded_pictures_carry_the_source_type_and_nothing_private(small_portrait, encode):
    picture = opened(encode(small_portrait, PACKET))
    assert DIGITAL_SOURCE_TYPE.encode() in picture.info["xmp"]
    assert not picture.getexif()
    assert "icc_profile" not in picture.info


def test_the_packet_is_well_formed_and_names_the_iptc_property():
    text = PACKET.decode().partition("?>")[2].rpartition("<?xpacket")[0]
    described = ElementTree.fromstring(text)[0][0]
    iptc = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
    assert described.attrib[iptc] == DIGITAL_SOURCE_TYPE
    assert "Simulated · day 3 <&>" in "".join(described.itertext())


def test_the_mark_is_small_readable_and_in_its_corner(portrait):
    marked = mark_simulated(portrait, "Simulated · day 3")
    changed = np.argwhere((marked != portrait).any(axis=2))
    height, width = portrait.shape[:2]
    assert changed[:, 0].min() > 0.92 * height
    assert changed[:, 1].min() > 0.65 * width
    assert 0.001 < len(changed) / (height * width) < 0.02
    assert int(marked.max()) > 225
    assert marked is not portrait


def test_a_tiny_picture_is_marked_without_harm():
    tiny = np.full((6, 9, 3), 120, np.uint8)
    assert mark_simulated(tiny, "Simulated · day 14", "Day 14").shape == tiny.shape


def test_sixteen_bits_become_eight_by_rounding():
    values = np.array([[[0, 128, 65535], [257, 385, 386]]], np.uint16)
    np.testing.assert_array_equal(eight_bit(values), [[[0, 0, 255], [1, 1, 2]]])
    np.testing.assert_array_equal(eight_bit(np.arange(256, dtype=np.uint16)[None] * 257)[0],
                                  np.arange(256))  # fmt: skip


@given(
    st.integers(200, 3000), st.integers(200, 3000), st.floats(0, 0.8), st.floats(0, 0.8),
    st.floats(0.2, 1.0),
)  # fmt: skip
def test_the_window_stays_inside_and_holds_the_face(height, width, x, y, size):
    side = size * min(height, width)
    left, top = x * (width - side), y * (height - side)
    crop = face_crop((height, width, 3), (left, top, left + side, top + side))
    assert 0 <= crop.left < crop.right <= width
    assert 0 <= crop.top < crop.bottom <= height
    assert crop.top <= top + 2
    assert crop.width % 2 == crop.height % 2 == 0
    assert (
        abs(crop.width / crop.height - (crop.right - crop.left) / (crop.bottom - crop.top)) < 0.04
    )


def test_without_a_face_the_middle_is_shown(portrait):
    crop = face_crop(portrait.shape, None)
    assert crop.bottom - crop.top == portrait.shape[0]
    assert crop.width / crop.height == pytest.approx(0.8, abs=0.01)


def test_pictures_are_scaled_down_but_never_up(portrait):
    assert capped(portrait, 400).shape == (400, 400, 3)
    assert capped(portrait, 4000).shape == portrait.shape
    assert face_crop(portrait.shape, None).at_width(9999).width <= portrait.shape[1]


def test_more_pictures_mean_smaller_ones(portrait):
    crop = face_crop(portrait.shape, None)
    few, many = (choose_encoding(crop, portrait, n, 3_000_000) for n in (5, 72))
    assert (few.crop.width, few.quality) >= (many.crop.width, many.quality)
    one = len(webp(many.crop.of(portrait), many.quality, b""))
    assert one * 72 * 4 / 3 < 3_000_000
