"""The little of the Matroska container that a film's metadata needs.

OpenCV writes WebM but no tags, and gives each track a random number. Here tags are appended to
the segment and announced in its index, and the number is fixed, so that the same input gives the
same bytes. Layout: RFC 9559 (Matroska) and RFC 8794 (EBML). No element is moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_SEGMENT: Final = bytes.fromhex("18538067")
_SEEK_HEAD: Final = bytes.fromhex("114D9B74")
_SEEK: Final = bytes.fromhex("4DBB")
_SEEK_ID: Final = bytes.fromhex("53AB")
_SEEK_POSITION: Final = bytes.fromhex("53AC")
_VOID: Final = bytes.fromhex("EC")
_TRACKS: Final = bytes.fromhex("1654AE6B")
_TRACK_UID: Final = bytes.fromhex("73C588")
_TAG_TRACK_UID: Final = bytes.fromhex("63C588")
_TAGS: Final = bytes.fromhex("1254C367")
_TAG: Final = bytes.fromhex("7373")
_TARGETS: Final = bytes.fromhex("63C0")
_SIMPLE_TAG: Final = bytes.fromhex("67C8")
_TAG_NAME: Final = bytes.fromhex("45A3")
_TAG_STRING: Final = bytes.fromhex("4487")
_FIXED_UID: Final = (1).to_bytes(8, "big")


@dataclass(frozen=True, slots=True)
class _Element:
    """Position of an element: identifier, start, start of its content, end."""

    key: bytes
    start: int
    content: int
    end: int


def tagged(film: bytes, tags: Mapping[str, str]) -> bytes:
    """Add tags to a WebM file and make its track number reproducible.

    Parameters
    ----------
    film
        A complete WebM file.
    tags
        Names and texts.

    Returns
    -------
    bytes
        The file with tags; unchanged when its layout is not the expected one.
    """
    data = bytearray(film)
    segment = next((e for e in _elements(film, 0, len(film)) if e.key == _SEGMENT), None)
    # The size must be eight bytes wide to be raised in place, and the segment must be the last.
    if segment is None or segment.content - segment.start != 12 or segment.end != len(film):
        return film
    children = list(_elements(film, segment.content, segment.end))
    _fix_track_number(data, children)
    appended = _tags_element(tags)
    _announce(data, children, len(film) - segment.content)
    size = len(film) - segment.content + len(appended)
    data[segment.start + 4 : segment.content] = b"\x01" + size.to_bytes(7, "big")
    return bytes(data) + appended


def read_tags(film: bytes) -> dict[str, str]:
    """Read all simple tags of a WebM file."""
    found: dict[str, str] = {}
    for segment in _elements(film, 0, len(film)):
        if segment.key != _SEGMENT:
            continue
        for tags in _elements(film, segment.content, segment.end):
            if tags.key == _TAGS:
                found.update(_simple_tags(film, tags))
    return found


def _simple_tags(film: bytes, tags: _Element) -> Iterator[tuple[str, str]]:
    for tag in _elements(film, tags.content, tags.end):
        for simple in _elements(film, tag.content, tag.end):
            if simple.key == _SIMPLE_TAG:
                parts = {
                    part.key: film[part.content : part.end].decode("utf-8", "replace")
                    for part in _elements(film, simple.content, simple.end)
                }
                yield parts.get(_TAG_NAME, ""), parts.get(_TAG_STRING, "").rstrip("\0")


def _elements(data: bytes, start: int, end: int) -> Iterator[_Element]:
    while start < end:
        key_width = 9 - data[start].bit_length()
        at = start + key_width
        width = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
        content = at + width
        if key_width > 4 or width > 8 or content + size > end:
            return
        yield _Element(data[start:at], start, content, content + size)
        start = content + size


def _element(key: bytes, content: bytes) -> bytes:
    return key + b"\x01" + len(content).to_bytes(7, "big") + content


def _tags_element(tags: Mapping[str, str]) -> bytes:
    simple = b"".join(
        _element(
            _SIMPLE_TAG,
            _element(_TAG_NAME, name.encode()) + _element(_TAG_STRING, text.encode()),
        )
        for name, text in tags.items()
    )
    return _element(_TAGS, _element(_TAG, _element(_TARGETS, b"") + simple))


def _fix_track_number(data: bytearray, children: list[_Element]) -> None:
    for part in children:
        if part.key in {_TRACKS, _TAGS}:
            for key in (_TRACK_UID, _TAG_TRACK_UID):
                at = data.find(key, part.content, part.end)
                if at >= 0:
                    data[at + len(key) : at + len(key) + 8] = _FIXED_UID


def _announce(data: bytearray, children: list[_Element], position: int) -> None:
    """Add one entry to the segment's index, out of the padding that follows it."""
    head = next((k for k, part in enumerate(children) if part.key == _SEEK_HEAD), None)
    if head is None or head + 1 >= len(children) or children[head + 1].key != _VOID:
        return
    index, padding = children[head], children[head + 1]
    entry = _SEEK_ID + b"\x84" + _TAGS + _SEEK_POSITION + b"\x88" + position.to_bytes(8, "big")
    entry = _SEEK + bytes([0x80 | len(entry)]) + entry
    grown = index.end - index.content + len(entry)
    left = padding.end - index.end - len(entry) - 9
    if index.content - index.start != 5 or grown > 126 or left < 0:
        return
    data[index.content - 1] = 0x80 | grown
    void = _VOID + b"\x01" + left.to_bytes(7, "big") + bytes(left)
    data[index.end : padding.end] = entry + void
