"""The check-in file as bytes: what is added can be read back, what stood there stays as it was."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.case import COLUMNS, QUESTIONS, WARNING_SIGNS, Answer, CheckIn, read_check_ins
from micropen.case.reading import check_in_from
from micropen.case.table import Line, parse_table, with_line
from micropen.case.writing import cells_of
from micropen.errors import CaseError

LONG_AGO, LATER = datetime(2019, 12, 1), datetime(2099, 1, 1)
BOM = b"\xef\xbb\xbf"

# Any text, with what tables choke on more often than chance would have it.
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["C", "Z"]), st.sampled_from(" ,;\t\"'\n\r=|")),
    max_size=30,
).map(str.strip)
NUMBERS = st.integers(0, 100).map(lambda n: Answer(n / 10, n / 10, f"{n / 10:g}"))
WORDS = st.sampled_from(
    [Answer(0, 0, "none"), Answer(0.5, 3.5, "a little"), Answer(8.5, 10, "sehr stark")]
)
SPANS = st.tuples(st.integers(0, 5), st.integers(1, 5)).map(
    lambda n: Answer(n[0], n[0] + n[1], f"{n[0]}-{n[0] + n[1]}")
)
CHECK_INS = st.builds(
    CheckIn,
    when=st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)).map(
        lambda when: when.replace(microsecond=0)
    ),
    scores=st.dictionaries(st.sampled_from(list(QUESTIONS)), NUMBERS | WORDS | SPANS, min_size=1),
    breakouts=st.none() | st.integers(0, 200),
    makeup=st.none() | st.booleans(),
    sun=st.sampled_from(["", "none", "little", "much"]),
    products=TEXTS,
    warning_signs=st.sets(st.sampled_from(list(WARNING_SIGNS))).map(
        lambda signs: tuple(s for s in WARNING_SIGNS if s in signs)
    ),
    note=TEXTS,
)


def meaning(check_in: CheckIn) -> tuple[object, ...]:
    scores = {name: (a.low, a.high) for name, a in check_in.scores.items()}
    rest = (check_in.breakouts, check_in.makeup, check_in.sun, check_in.warning_signs)
    return (check_in.when, scores, *rest, check_in.products, check_in.note)


@st.composite
def empty_files(draw: st.DrawFn) -> bytes:
    """Headings of any order, some left out, some of the person's own."""
    separator = draw(st.sampled_from([",", ";", "\t"]))
    columns = ["when", *draw(st.lists(st.sampled_from(COLUMNS[1:]), unique=True))]
    columns += draw(st.lists(st.sampled_from(["my cat", "steps"]), unique=True))
    names = [draw(st.sampled_from([c, c.upper()])) for c in draw(st.permutations(columns))]
    newline = draw(st.sampled_from(["\n", "\r\n", "\r", ""]))
    text = separator.join(names) + newline
    return (BOM if draw(st.booleans()) else b"") + text.encode()


@given(empty_files(), st.lists(CHECK_INS, min_size=1, max_size=5, unique_by=lambda c: c.when))
def test_what_is_written_is_read_back(tmp_path_factory, raw, check_ins):
    for check_in in check_ins:
        table = parse_table(raw, "checkins.csv")
        raw = with_line(table, cells_of(check_in, table))
    file = tmp_path_factory.getbasetemp() / "checkins.csv"
    file.write_bytes(raw)
    read = read_check_ins(file, LONG_AGO, LATER).after
    assert [meaning(c) for c in read] == sorted(map(meaning, check_ins), key=lambda m: m[0])
    assert raw.startswith(BOM) == (raw[:3] == BOM)


@given(CHECK_INS)
def test_the_lines_that_stand_there_stay_byte_by_byte(check_in):
    old = (
        BOM
        + "Mein Tagebuch;Datum;Rötung;Schmerz\r\n"
        'Mond "voll";01.06.2027 21:30;3,5;leicht\r\n'
        "\r\n"
        '"zwei\r\nZeilen";02.06.2027;kaputt;99'.encode()
    )
    table = parse_table(old, "checkins.csv")
    new = with_line(table, cells_of(check_in, table))
    heading, rest = old.split(b"\r\n", 1)
    assert new.startswith(heading)
    assert rest in new
    again = parse_table(new, "checkins.csv")
    assert again.lines[:-1] == table.lines
    assert (again.separator, again.newline, again.bom) == (";", "\r\n", True)
    when = again.lines[-1].cells["when"]
    read, findings = check_in_from(again.lines[-1].cells, datetime.fromisoformat(when))
    assert not findings
    assert meaning(read) == meaning(check_in)


def added(raw: bytes, **cells: str) -> str:
    table = parse_table(raw, "checkins.csv")
    check_in, _ = check_in_from(cells, datetime(2027, 6, 8, 21, 30))
    return with_line(table, cells_of(check_in, table)).decode()


def test_decimals_follow_the_file():
    assert added(b"when;pain\n2027-06-07;3.5\n", pain="4,5").endswith("2027-06-08 21:30;4.5\n")
    assert added(b"when;pain\n2027-06-07;3,5\n", pain="4.5").endswith("2027-06-08 21:30;4,5\n")
    assert added(b"when;pain\n", pain="4.5").endswith(";4,5\n")
    assert added(b"when,pain\n", pain="4,5").endswith(",4.5\n")
    assert added(b'when,pain\n2027-06-07,"3,5"\n', pain="4.5").endswith(',"4,5"\n')


def test_a_missing_column_is_added_behind_the_others():
    raw = b"when,my cat\n2027-06-07,asleep\n"
    assert added(raw, pain="4") == "when,my cat,pain\n2027-06-07,asleep\n2027-06-08 21:30,,4\n"


def test_a_new_heading_gives_no_meaning_to_a_stray_cell():
    raw = b"when,note\n2027-06-07,soft,8\n"
    assert added(raw, note="x").endswith("2027-06-08 21:30,x\n")
    with pytest.raises(CaseError, match=r"no column pain, .* as line 2 has more cells"):
        added(raw, pain="4")


def test_a_new_column_stands_behind_headings_left_empty():
    raw = b"when,note,,\n2027-06-07,soft,,\n"
    assert added(raw, pain="4") == ("when,note,,,pain\n2027-06-07,soft,,\n2027-06-08 21:30,,,,4\n")


def test_an_empty_file_gets_its_headings():
    assert added(b"", pain="4").splitlines()[0] == ",".join(COLUMNS)
    assert added(BOM, pain="4").startswith("\ufeffwhen,redness")
    assert added(b"sep=;\n", pain="4").splitlines()[:2] == ["sep=;", ";".join(COLUMNS)]


def test_the_separator_that_a_first_line_tells():
    table = parse_table(b"sep=|\r\nwhen|pain\r\n2027-06-07|3\r\n", "checkins.csv")
    assert table.lines[0].cells == {"when": "2027-06-07", "pain": "3"}
    assert table.lines[0].number == 3


def test_spaces_behind_separators():
    (line,) = parse_table(b'when, note, pain\n2027-06-07, "soft, warm", 3\n', "f").lines
    assert line.cells == {"when": "2027-06-07", "note": "soft, warm", "pain": "3"}


def test_numbers_of_lines_count_blank_and_broken_ones():
    raw = b'\nwhen,note\n\n2027-06-07,"a\nb"\n\n,,\n2027-06-08,c\n'
    assert [line.number for line in parse_table(raw, "f").lines] == [4, 8]


def test_own_columns_are_named_and_left_alone():
    table = parse_table(b"when,my cat,,pain,\n2027-06-07,asleep,x,3,\n", "f")
    assert table.own == ("my cat",)
    assert table.lines[0].cells == {"when": "2027-06-07", "pain": "3"}
    assert table.lines[0].extra == 0


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"redness,pain\n3,4\n", "no column is called when"),
        (b"2027-06-07,3,4\n", "first line must name the columns"),
        (b"when,rednes\n", "unknown column 'rednes'; nearest: redness"),
        (b"when,Breakuts\n", "unknown column 'Breakuts'; nearest: breakouts"),
        (b"when,paim\n", "unknown column 'paim'; nearest: pain"),
        (b"when,notizn\n", "unknown column 'notizn'; nearest: notizen (note)"),
        (b"when,pain,PAIN\n", "'pain' and 'PAIN' both mean pain"),
        (b"when,pain,Schmerz\n", "'pain' and 'Schmerz' both mean pain"),
        ("when,Rötung\n".encode("cp1252"), "not UTF-8 text (line 1)"),
        ("when,pain\n".encode("utf-16"), "not plain text"),
        (b"PK\x03\x04\0\0", "not plain text"),
        (b'when,note\n2027-06-07,"open\n2027-06-08,x\n', "line 2: a quotation mark"),
        (b'when,note\n2027-06-07,"a"b\n', "line 2: a quotation mark"),
        (b"when,note\n" + b"2027-06-07,x\n" * 800_000, "larger than 10 MB"),
    ],
)
def test_tables_refused(raw, says):
    with pytest.raises(CaseError, match=r"^checkins.csv") as refused:
        parse_table(raw, "checkins.csv")
    assert says in str(refused.value)


def test_a_file_without_check_ins_is_not_an_error(tmp_path: Path):
    assert read_check_ins(tmp_path / "checkins.csv", LONG_AGO, LATER).after == ()
    for raw in (b"", BOM, b"\n\n", b"when,pain\n", b"when,pain\n,,\n"):
        (tmp_path / "checkins.csv").write_bytes(raw)
        read = read_check_ins(tmp_path / "checkins.csv", LONG_AGO, LATER)
        assert (read.after, read.before, read.notes) == ((), (), ())


PIECES = st.sampled_from(
    [
        *("when", "redness", "pain", "note", "my cat", "2027-06-08", "08.06.2027 21:30", "x"),
        *("\n", "\r\n", "\r", ",", ";", "\t", '"', "'", " ", "\0", "\ufeff", "\u2028", "\x1c"),
        *("3,5", "3.5", "11", "none", "nan", "1e5", "-1", "2027-06-08 24:00", "sep=;\n", "٣"),
    ]
)


@given(
    st.sampled_from(["", "when,redness\n", "when;redness;\r\n", "when\tmy cat\tpain\n"]),
    st.lists(PIECES, max_size=30).map("".join),
    st.binary(max_size=4),
)
def test_any_bytes_are_read_or_refused_and_never_lost(tmp_path_factory, heading, text, tail):
    raw = heading.encode() + text.encode() + tail
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(raw)
    with contextlib.suppress(CaseError):
        read_check_ins(file, LONG_AGO, LATER)
    check_in = CheckIn(datetime(2027, 6, 9), {"pain": Answer(3, 3, "3")}, note='a;b, "c"\nd')
    try:
        table = parse_table(raw, "any.csv")
        new = with_line(table, cells_of(check_in, table))
    except CaseError:
        return
    *old, last = parse_table(new, "any.csv").lines
    assert [filled(line) for line in old] == [filled(line) for line in table.lines]
    assert filled(last)[1:] == ({"when": "2027-06-09 00:00", "pain": "3", "note": 'a;b, "c"\nd'},)


def filled(line: Line) -> tuple[int, dict[str, str]]:
    return line.number, {column: cell for column, cell in line.cells.items() if cell}
