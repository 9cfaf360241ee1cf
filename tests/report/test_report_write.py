from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from micropen.errors import MicropenError, OutputError, UnknownNameError
from micropen.evidence import Grade, Source
from micropen.report import SessionSummary, ZoneSetting, write_report
from micropen.report.marks import DIGITAL_SOURCE_TYPE

DAYS = (0.3, 1.0, 3.0, 14.0)


class Page(HTMLParser):
    """Collects what a browser would fetch, the embedded data, and style attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.inline: list[tuple[str, str]] = []
        self.blocks: dict[str, str] = {}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._inside = given.get("id", tag) if tag in {"script", "style"} else ""
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.inline.append((tag, name))
            if name in {"src", "srcset", "data", "poster"} or (tag == "link" and name == "href"):
                self.fetched.append(value)
        if tag == "a":
            self.links.append(given["href"])

    def handle_data(self, data):
        if self._inside:
            self.blocks[self._inside] = self.blocks.get(self._inside, "") + data

    def handle_endtag(self, tag):
        self._inside = ""


@pytest.fixture(scope="module")
def page(small_report):
    return Page((small_report[0] / "report.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def data(page):
    return json.loads(page.blocks["data"])


def test_the_folder_is_complete(small_report):
    folder = small_report[0]
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    frames = {n for n in names if n.startswith("frames/")}
    assert names - frames == {
        "report.html", "film.webm", "film.xmp", "course.nc", "course.parquet",
        "course_summary.csv", "provenance.json",
    }  # fmt: skip
    assert len(frames) == 3 * len(DAYS)
    assert "frames/worst_day_014.00.jpg" in frames


def test_provenance_says_how_it_was_made(small_report):
    folder, content = small_report
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    made = content.provenance
    assert record["program"] == "micropen"
    for name in ("version", "parameter_set", "parameter_digest", "seed", "draws", "photo_sha256",
                 "treatment_sha256", "lowest_grade", "platform", "command"):  # fmt: skip
        assert record[name] == getattr(made, name)
    assert record["citations"] == list(made.citations)
    assert record["sign_grades"]["scaling"] == "D"
    assert record["simulated_pictures"]["digital_source_type"] == DIGITAL_SOURCE_TYPE
    assert "created" not in record
    for name, digest in record["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert set(record["files"]) == {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    } - {"provenance.json"}


def test_every_frame_is_marked_in_metadata_and_pixels(small_report):
    folder, content = small_report
    for (scenario, day), frame in content.frames.items():
        path = folder / "frames" / f"{scenario}_day_{day:06.2f}.jpg"
        with Image.open(path) as picture:
            assert DIGITAL_SOURCE_TYPE.encode() in picture.info["xmp"]
            assert not picture.getexif()
            pixels = np.asarray(picture).astype(int)
        difference = np.abs(pixels - frame).max(axis=2)
        corner = difference[-22:-4, -120:]
        assert corner.max() > 90
        assert np.median(difference) < 4


def test_pictures_inside_the_page_are_marked_but_the_photograph_is_not(data):
    def xmp(address: str) -> bytes:
        kind, encoded = address.split(",")
        assert kind == "data:image/webp;base64"
        return Image.open(io.BytesIO(base64.b64decode(encoded))).info.get("xmp", b"")

    for addresses in data["frames"].values():
        assert xmp(addresses[0]) == b""
        assert all(DIGITAL_SOURCE_TYPE.encode() in xmp(a) for a in addresses[1:])


def test_private_metadata_of_the_source_reaches_no_output(tmp_path, small_portrait, content_of):
    exif = Image.Exif()
    exif[0x010E] = "Jane Doe at home"
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (47.0, 22.0, 33.3)
    source = tmp_path / "source.jpg"
    Image.fromarray(small_portrait).save(source, exif=exif)
    with Image.open(source) as picture:
        assert picture.getexif().get_ifd(0x8825)
        pixels = np.array(picture)
    folder = write_report(tmp_path / "out", content_of(pixels, days=(1.0,))).parent
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert b"Exif\x00\x00" not in raw, path.name
            assert b"SecretCamera" not in raw
            assert b"Jane Doe" not in raw
            assert str(tmp_path).encode() not in raw


def test_the_page_fetches_nothing(page):
    assert page.fetched
    assert all(address.startswith("data:") for address in page.fetched)
    assert "url(" not in page.blocks["style"]
    assert "@import" not in page.blocks["style"]
    for forbidden in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import(", "http://",
                      "https://"):  # fmt: skip
        assert forbidden not in page.blocks["script"].replace("http://www.w3.org/2000/svg", "")


def test_links_lead_to_sources_or_to_files_of_the_folder(page, small_report):
    for link in page.links:
        local = (small_report[0] / link.rstrip("/")).exists()
        assert local or link.startswith(("https://doi.org/", "#"))


def test_the_policy_allows_exactly_what_the_page_holds(small_report, page):
    text = (small_report[0] / "report.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for block in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.blocks[block].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert page.inline == []


def test_what_a_user_writes_is_text(tmp_path, small_portrait, content_of):
    evil = "</script><img src=x onerror=alert(1)>{{ 7*7 }}"
    content = content_of(
        small_portrait,
        days=(1.0,),
        title=evil,
        subtitle=evil,
        photo_notes=(evil,),
        warnings=(evil,),
        before_credit=evil,
        sources=(Source("x", evil, evil, 2020, evil, Grade.D, url="javascript:alert(1)"),),
        sessions=(SessionSummary(0.0, evil, {"nose": ZoneSetting(0.5, 3)}, anaesthetic=evil),),
    )
    text = write_report(tmp_path / "out", content).read_text(encoding="utf-8")
    page = Page(text)
    assert evil not in text
    assert "49" not in re.findall(r"onerror=alert\(1\)&gt;(\S*)", text)
    assert "x" not in page.fetched
    assert not any(link.startswith("javascript") for link in page.links)
    assert json.loads(page.blocks["data"])["stops"]


def test_captions_stops_and_charts_fit_together(data):
    assert [s["label"] for s in data["stops"]] == [
        "Before", "Day 0, evening", "Day 1", "Day 3", "Day 14",
    ]  # fmt: skip
    assert data["stops"][3]["date"] == "Monday 16 March"
    assert [s["key"] for s in data["scenarios"]] == ["best", "expected", "worst"]
    for scenario in ("best", "expected", "worst"):
        assert len(data["frames"][scenario]) == len(data["moments"][scenario]) == 5
    charts = data["charts"]
    assert len(charts["zones"]) == 14
    for zone in charts["series"].values():
        for low, median, high in zone.values():
            assert len(low) == len(charts["days"])
            assert all(a <= b <= c for a, b, c in zip(low, median, high, strict=True))


def test_several_sessions_are_named(tmp_path, small_portrait, content_of, course_of):
    zones = {"cheek_left": ZoneSetting(1.0, 4), "cheek_right": ZoneSetting(1.0, 4)}
    sessions = tuple(SessionSummary(d, "Pen", zones) for d in (0.0, 28.0))
    content = content_of(small_portrait, days=(3.0, 28.3, 31.0), sessions=sessions)
    text = write_report(tmp_path / "out", content).read_text(encoding="utf-8")
    stops = json.loads(Page(text).blocks["data"])["stops"]
    assert [s["date"] for s in stops] == [
        "", "3 days after session 1", "the day of session 2", "3 days after session 2",
    ]  # fmt: skip
    assert "Session 2" in text
    assert "Cheeks" in text


def test_sixteen_bit_pictures_and_a_single_scenario(tmp_path, small_portrait, content_of):
    deep = small_portrait.astype(np.uint16) * 257
    content = content_of(deep, days=(1.0, 2.0))
    frames = {k: v for k, v in content.frames.items() if k[0] == "expected"}
    page = write_report(tmp_path / "out", content_of(deep, days=(1.0, 2.0), frames=frames))
    with Image.open(page.parent / "frames" / "expected_day_001.00.jpg") as picture:
        assert picture.mode == "RGB"
        middle = np.abs(
            np.asarray(picture)[:150].astype(int) - (frames["expected", 1.0] >> 8)[:150]
        )
    assert np.median(middle) <= 2
    assert "How it may go" not in page.read_text(encoding="utf-8")


def test_a_failure_midway_leaves_no_folder(tmp_path, small_portrait, content_of):
    class Broken(dict):
        def __getitem__(self, key):
            if key == ("expected", 3.0):
                raise MicropenError("the renderer gave up")
            return super().__getitem__(key)

    content = content_of(small_portrait, days=(1.0, 3.0))
    broken = content_of(small_portrait, days=(1.0, 3.0), frames=Broken(content.frames))
    with pytest.raises(MicropenError, match="gave up"):
        write_report(tmp_path / "out", broken)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_another_size_is_refused(tmp_path, small_portrait, content_of):
    content = content_of(small_portrait, days=(1.0,))
    frames = dict(content.frames)
    frames["worst", 1.0] = frames["worst", 1.0][:100]
    with pytest.raises(OutputError, match="worst, day 1"):
        write_report(tmp_path / "out", content_of(small_portrait, days=(1.0,), frames=frames))
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_the_pictures(tmp_path, small_portrait, content_of):
    seen: list[tuple[int, int]] = []
    content = content_of(small_portrait, days=(1.0, 2.0))
    write_report(tmp_path / "out", content, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(k, 6) for k in range(1, 7)]


def test_the_same_content_gives_the_same_bytes(tmp_path, small_portrait, content_of):
    digests = []
    for name in ("a", "b"):
        page = write_report(tmp_path / name, content_of(small_portrait, days=(1.0, 2.0)))
        digests.append(json.loads((page.parent / "provenance.json").read_text())["files"])
    assert digests[0] == digests[1]


def test_content_is_checked_at_the_door(small_portrait, content_of, course):
    with pytest.raises(OutputError, match="at least one simulated"):
        content_of(small_portrait, frames={})
    with pytest.raises(UnknownNameError, match="scenario"):
        content_of(small_portrait, frames={("likely", 1.0): small_portrait})
    uneven = {("best", 1.0): small_portrait, ("worst", 2.0): small_portrait}
    with pytest.raises(OutputError, match="same days"):
        content_of(small_portrait, frames=uneven)
    with pytest.raises(OutputError, match="lacks these signs: gloss"):
        content_of(small_portrait, days=(1.0,), course=course.drop_vars("gloss"))
    with pytest.raises(OutputError, match="at least one session"):
        content_of(small_portrait, days=(1.0,), sessions=())
    bad = SessionSummary(0.0, "Pen", {"cheek_lef": ZoneSetting(1.0, 2)})
    with pytest.raises(UnknownNameError, match="cheek_left"):
        content_of(small_portrait, days=(1.0,), sessions=(bad,))
    with pytest.raises(OutputError, match="uint8 or uint16"):
        content_of(small_portrait, days=(1.0,), before=small_portrait.astype(np.float32))
