"""Files in, upright sRGB codes out: formats, bit depth, profiles, orientation, bad files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from micropen.errors import PhotoError
from micropen.portrait import find_faces, icc, read_photo
from micropen.portrait.decoding import MAX_PIXELS
from micropen.portrait.icc import read_matrix_profile
from micropen.portrait.orientation import apply_tag, turned_tag

Codes = NDArray[np.uint8]
ORIENTATION = 0x0112
# Stored that way, the tag on the left turns the picture upright again.
UNDONE_BY = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}


def save(codes: Codes, path: Path, **options: object) -> Path:
    Image.fromarray(codes).save(path, **options)
    return path


def tiff16(path: Path, codes: NDArray[np.uint16], tag: int) -> Path:
    """Smallest uncompressed 16-bit RGB TIFF with an orientation tag."""
    height, width, _ = codes.shape
    data = codes.astype("<u2").tobytes()
    folder = 8 + len(data)
    rows = [
        (256, 3, 1, width), (257, 3, 1, height), (258, 3, 3, folder + 2 + 120 + 4), (259, 3, 1, 1),
        (262, 3, 1, 2), (273, 4, 1, 8), (274, 3, 1, tag), (277, 3, 1, 3), (278, 3, 1, height),
        (279, 4, 1, len(data)),
    ]  # fmt: skip
    out = b"II*\0" + struct.pack("<I", folder) + data + struct.pack("<H", len(rows))
    for name, kind, count, value in rows:
        short = kind == 3 and count == 1
        out += struct.pack("<HHI", name, kind, count)
        out += struct.pack("<HH", value, 0) if short else struct.pack("<I", value)
    path.write_bytes(out + struct.pack("<IHHH", 0, 16, 16, 16))
    return path


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.png", {}),
        ("a.tif", {"compression": "tiff_deflate"}),
        ("a.webp", {"lossless": True}),
    ],
)
def test_lossless_formats_keep_every_bit(
    codes: Codes, tmp_path: Path, name: str, options: dict[str, object]
) -> None:
    photo = read_photo(save(codes, tmp_path / name, **options))
    assert photo.bit_depth == 8
    assert photo.encoded.dtype == np.uint8
    assert np.array_equal(photo.encoded, codes)


def test_jpeg_is_close_and_named(codes: Codes, tmp_path: Path) -> None:
    photo = read_photo(save(codes, tmp_path / "a.jpg", quality=95))
    assert photo.format == "JPEG"
    assert np.abs(photo.encoded.astype(int) - codes).mean() < 3


def test_heic_is_read_and_shows_the_face(codes: Codes) -> None:
    photo = read_photo(Path(__file__).parent / "data" / "portrait.heic")
    assert photo.format == "HEIF"
    assert np.abs(photo.encoded.astype(int) - codes[0:256, 96:352]).mean() < 6
    assert len(find_faces(photo)) == 1


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_sixteen_bits_survive(codes: Codes, tmp_path: Path, name: str) -> None:
    rng = np.random.default_rng(1)
    wide = (codes.astype(np.int64) * 257 + rng.integers(-90, 90, codes.shape)).clip(0, 65535)
    wide16 = wide.astype(np.uint16)
    assert cv2.imwrite(str(tmp_path / name), wide16[..., ::-1])
    photo = read_photo(tmp_path / name)
    assert photo.bit_depth == 16
    assert np.array_equal(photo.encoded, wide16)
    assert photo.linear.dtype == np.float32
    assert np.abs(photo.eight_bit.astype(int) - codes).max() <= 1


def test_grey_alpha_and_cmyk_become_rgb(codes: Codes, tmp_path: Path) -> None:
    image = Image.fromarray(codes)
    image.convert("L").save(tmp_path / "grey.png")
    image.convert("CMYK").save(tmp_path / "cmyk.tif")
    holes = image.convert("RGBA")
    holes.paste((0, 0, 0, 0), (0, 0, 20, 20))
    holes.save(tmp_path / "alpha.png")
    grey = read_photo(tmp_path / "grey.png")
    assert np.array_equal(grey.encoded[..., 0], grey.encoded[..., 2])
    assert any("grey" in note for note in grey.notes)
    cmyk = read_photo(tmp_path / "cmyk.tif")
    assert cmyk.encoded.shape == codes.shape
    alpha = read_photo(tmp_path / "alpha.png")
    assert (alpha.encoded[:20, :20] == 255).all()
    assert np.array_equal(alpha.encoded[30:, 30:], codes[30:, 30:])


def display_p3() -> bytes:
    """A minimal matrix profile with the primaries of Display P3 (D50) and a 2.2 curve."""
    columns = {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
        b"wtpt": (0.96420, 1.0, 0.82491),
    }

    def xyz(values: tuple[float, ...]) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))

    text = b"Display P3 test\0"
    tags = {k: xyz(v) for k, v in columns.items()}
    tags |= {
        k: b"curv\0\0\0\0" + struct.pack(">IHH", 1, 563, 0) for k in (b"rTRC", b"gTRC", b"bTRC")
    }
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)
    tags[b"cprt"] = b"text\0\0\0\0none\0\0\0\0"
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        padded = data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += padded
    size = start + len(body)
    header = struct.pack(">I4sI", size, b"none", 0x02400000) + b"mntrRGB XYZ "
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061) + bytes(48)
    return header[:128] + struct.pack(">I", len(tags)) + table + body


def test_wide_gamut_is_converted_alike_at_8_and_16_bits(codes: Codes, tmp_path: Path) -> None:
    profile = display_p3()
    photo = read_photo(save(codes, tmp_path / "p3.png", icc_profile=profile))
    assert any("Display P3 test" in note for note in photo.notes)
    matrix = read_matrix_profile(profile)
    assert matrix is not None
    ours = matrix.to_srgb(codes / 255.0) * 255.0
    # The neutral axis stays, saturated colours move outward, and both routes agree.
    assert np.abs(ours - photo.encoded).max() < 2.5
    assert np.abs(ours - photo.encoded).mean() < 0.5
    grey = matrix.to_srgb(np.full((1, 3), 0.5))
    assert np.ptp(grey) < 0.003


def test_sixteen_bit_profile_is_honoured(codes: Codes, tmp_path: Path) -> None:
    wide = codes.astype(np.uint16) * 257
    ok, buffer = cv2.imencode(".png", np.ascontiguousarray(wide[..., ::-1]))
    assert ok
    profile = zlib.compress(display_p3())
    chunk = b"iCCPp3\0\0" + profile
    length = struct.pack(">I", len(chunk) - 4)
    check = struct.pack(">I", zlib.crc32(chunk))
    data = buffer.tobytes()
    (tmp_path / "p3.png").write_bytes(data[:33] + length + chunk + check + data[33:])
    photo = read_photo(tmp_path / "p3.png")
    eight = read_photo(save(codes, tmp_path / "8.png", icc_profile=display_p3()))
    assert photo.bit_depth == 16
    assert np.abs(photo.eight_bit.astype(int) - eight.encoded).mean() < 0.6


def test_srgb_profile_leaves_the_codes_alone(codes: Codes, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = read_photo(save(codes, tmp_path / "s.png", icc_profile=profile))
    assert np.array_equal(photo.encoded, codes)


@pytest.mark.parametrize("tag", range(1, 9))
def test_tags_turn_as_pillow_does(codes: Codes, tag: int) -> None:
    image = Image.fromarray(codes)
    image.getexif()[ORIENTATION] = tag
    assert np.array_equal(apply_tag(codes, tag), np.asarray(ImageOps.exif_transpose(image)))
    assert np.array_equal(apply_tag(codes, turned_tag(tag, 1)), np.rot90(apply_tag(codes, tag)))


@pytest.mark.parametrize("tag", [1, 3, 6, 8])
@pytest.mark.parametrize("kind", ["png", "tif", "tif16"])
def test_true_tag_is_followed(codes: Codes, tmp_path: Path, tag: int, kind: str) -> None:
    stored = apply_tag(codes, UNDONE_BY[tag])
    path = tmp_path / f"turned.{kind[:3]}"
    if kind == "tif16":
        tiff16(path, stored.astype(np.uint16) * 257, tag)
    else:
        exif = Image.Exif()
        exif[ORIENTATION] = tag
        save(stored, path, exif=exif)
    photo = read_photo(path)
    assert np.array_equal(photo.eight_bit, codes)
    assert photo.orientation_applied == tag
    assert photo.notes == ()


@pytest.mark.parametrize("tag", [3, 6, 8])
def test_lying_tag_is_overruled_and_said(codes: Codes, tmp_path: Path, tag: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = tag
    photo = read_photo(save(codes, tmp_path / "lie.png", exif=exif))
    assert np.array_equal(photo.encoded, codes)
    assert photo.orientation_applied == 1
    assert "against its orientation tag" in photo.notes[0]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_untagged_turned_picture_is_turned_upright(
    codes: Codes, tmp_path: Path, turns: int
) -> None:
    turned = np.ascontiguousarray(np.rot90(codes, turns))
    photo = read_photo(save(turned, tmp_path / "turned.png"))
    assert np.array_equal(photo.encoded, codes)
    assert "turned" in photo.notes[0]


def test_private_metadata_is_not_kept(codes: Codes, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Camera 7"
    exif[0x013B] = "Secret Name"
    exif.get_ifd(0x8769)[0x9003] = "2026:03:04 10:11:12"
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 1.0)
    photo = read_photo(save(codes, tmp_path / "gps.jpg", exif=exif))
    assert photo.camera == "Camera 7"
    assert photo.taken_at is not None
    assert photo.taken_at.isoformat() == "2026-03-04T10:11:12"
    assert "Secret" not in repr(vars(photo))
    assert not any("gps" in name.lower() for name in vars(photo))


def bomb() -> bytes:
    """A PNG of 20,000 x 20,000 px in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.jpg", b"", "empty"),
        ("text.jpg", b"not a photograph at all", "not a photograph"),
        ("page.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a photograph"),
        ("bomb.png", bomb(), "million px"),
        ("head.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG, PNG, TIFF, WebP or HEIC"),
    ],
)
def test_bad_files_get_one_sentence(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PhotoError, match=says) as caught:
        read_photo(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("share", [0.1, 0.6, 0.95])
def test_truncated_files_are_refused(
    codes: Codes, tmp_path: Path, suffix: str, share: float
) -> None:
    whole = save(codes, tmp_path / f"whole.{suffix}").read_bytes()
    part = tmp_path / f"part.{suffix}"
    part.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(PhotoError):
        read_photo(part)


def test_truncated_sixteen_bit_png_is_refused(
    codes: Codes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ok, buffer = cv2.imencode(".png", codes.astype(np.uint16) * 257)
    assert ok
    (tmp_path / "part.png").write_bytes(buffer.tobytes()[:200_000])
    with pytest.raises(PhotoError, match="damaged"):
        read_photo(tmp_path / "part.png")
    assert capfd.readouterr().err == ""


def test_damaged_bytes_never_escape_as_another_error(codes: Codes, tmp_path: Path) -> None:
    buffer = BytesIO()
    Image.fromarray(codes).save(buffer, "JPEG")
    rng = np.random.default_rng(3)
    for trial in range(25):
        data = bytearray(buffer.getvalue())
        for place in rng.integers(2, len(data), 30):
            data[place] = int(rng.integers(0, 256))
        (tmp_path / f"{trial}.jpg").write_bytes(bytes(data))
        with suppress(PhotoError):
            assert read_photo(tmp_path / f"{trial}.jpg").encoded.ndim == 3


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="There is no file"):
        read_photo(tmp_path / "missing.jpg")
    with pytest.raises(PhotoError, match="folder"):
        read_photo(tmp_path)
    with pytest.raises(PhotoError, match="cannot be read"):
        read_photo("nul\0byte.jpg")


def test_other_kinds_are_named(codes: Codes, tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="GIF"):
        read_photo(save(codes, tmp_path / "a.gif"))
    assert MAX_PIXELS >= 50_000_000  # a 48 MP phone photograph opens


def test_srgb_as_a_matrix_profile_is_the_identity() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    matrix = read_matrix_profile(profile)
    assert matrix is not None
    ramp = np.stack(np.meshgrid(*[np.linspace(0, 1, 9)] * 3), -1)
    assert np.abs(matrix.to_srgb(ramp) - ramp).max() < 0.004


@pytest.mark.parametrize(
    ("function", "values", "curve"),
    [
        (0, (2.2,), lambda x: x**2.2),
        (1, (2.0, 0.8, 0.2), lambda x: (0.8 * x + 0.2) ** 2),
        (2, (2.0, 0.8, 0.1, 0.05), lambda x: (0.8 * x + 0.1) ** 2 + 0.05),
        (3, (2.4, 0.948, 0.052, 0.0774, 0.0405), None),
        (4, (2.4, 0.948, 0.052, 0.0774, 0.0405, 0.01, 0.02), None),
    ],
)
def test_parametric_curves_follow_the_icc_formulas(
    function: int, values: tuple[float, ...], curve: Callable[[np.ndarray], np.ndarray] | None
) -> None:
    numbers = struct.pack(f">{len(values)}i", *(round(v * 65536) for v in values))
    tag = b"para\0\0\0\0" + struct.pack(">HH", function, 0) + numbers
    x = np.linspace(0, 1, 4096)
    if curve is None:
        g, a, b, c, d, e, f = (*values, *(0.0,) * (7 - len(values)))
        expected = np.where(x >= d, (a * x + b) ** g + e, c * x + f)
    else:
        expected = curve(x)
    assert np.abs(icc._curve(tag) - expected).max() < 1e-3


def test_profiles_that_are_no_matrix_are_told_apart() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert read_matrix_profile(lab) is None
    assert read_matrix_profile(b"short") is None
    assert icc.profile_name(b"nonsense") == "unreadable"
