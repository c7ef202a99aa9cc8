"""Makes malformed and hostile archives, each with what `grade batch` is to say of it.

Arguments: a folder to write them to. Standard input: a right `square.py`. Standard output: JSON, file name without its endings → [outcome, words],
where `outcome` is that of the CSV report and `words` are part of its `reason` or `notes`.
"""

import bz2
import gzip
import io
import json
import lzma
import os
import struct
import sys
import tarfile
import unicodedata
import zipfile
import zlib

FOLDER = sys.argv[1]
RIGHT = sys.stdin.buffer.read()
NAME = "square.py"
PASSED, FAILED, MISSING = "passed", "failed", "missing"
expected = {}


def case(name, content, outcome, words=""):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(content)
    learner = name
    for end in (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tar", ".zip", ".rar", ".7z", ".gz"):
        if learner.endswith(end):
            learner = learner[: -len(end)]
            break
    assert learner not in expected, learner
    expected[learner] = [outcome, words]


# zip


def entry(name, mode=0o100644, **attributes):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.create_system = 3
    info.compress_type = zipfile.ZIP_DEFLATED
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info


def zipped(*files):
    """`files`: (name or ZipInfo, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(entry(name) if isinstance(name, str) else name, content)
    return out.getvalue()


def stored(*names):
    """A zip built by hand, so that names can be any bytes, and equal: each entry is the right file."""
    body, directory = b"", b""
    for name in names:
        facts = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, zlib.crc32(RIGHT), len(RIGHT), len(RIGHT), len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 3 << 8 | 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, len(body)) + name
        body += b"PK\3\4" + facts + name + RIGHT
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def zips():
    right = (NAME, RIGHT)
    good = zipped(right)
    case("zip_right.zip", good, PASSED)
    case("zip_in_a_folder.zip", zipped(("my homework/src/" + NAME, RIGHT), ("my homework/README.md", b"hi")), PASSED)
    case("zip_zipped_twice.zip", zipped(("homework.zip", good)), PASSED)
    case("zip_with_what_tools_leave.zip", zipped(("__MACOSX/._" + NAME, b"x"), (".git/config", b"x"), right, (".DS_Store", b"x")), PASSED)
    case("zip_escape.zip", zipped(("../" + NAME, RIGHT)), MISSING, "not among what was handed in")
    case("zip_escape_beside.zip", zipped(("../../etc/" + NAME, b"x"), right), PASSED, "leads out of the archive")
    case("zip_absolute.zip", zipped(("/tmp/" + NAME, b"x"), right), PASSED, "an absolute path")
    case("zip_backslashes.zip", stored(b"..\\" + NAME.encode(), NAME.encode()), PASSED, "leads out of the archive")
    case("zip_drive.zip", stored(b"C:\\" + NAME.encode(), NAME.encode()), PASSED, "an absolute path")
    case("zip_link.zip", zipped((entry(NAME, 0o120777), b"/etc/passwd")), FAILED, "is a link")
    case("zip_link_to_a_folder.zip", zipped((entry("d", 0o120777), b"/tmp"), ("d/" + NAME, RIGHT)), PASSED, "a link")
    case("zip_device.zip", zipped((entry(NAME, 0o020666), b"")), FAILED, "is a device")
    case("zip_named_pipe.zip", zipped((entry(NAME, 0o010666), b"")), FAILED, "is a named pipe")
    case("zip_bomb.zip", zipped((NAME, bytes(1 << 28))), FAILED, "larger than 1024 KiB")
    case("zip_bomb_beside.zip", zipped(("data.bin", bytes(1 << 28)), right), PASSED)
    case("zip_bomb_in_a_bomb.zip", zipped(("1.zip", zipped(("2.zip", zipped((NAME, bytes(1 << 26))))))), FAILED, "larger than 1024 KiB")
    case("zip_large_inside.zip", zipped(("big.zip", bytes(40 << 20))), FAILED, "larger than 32 MiB")
    case("zip_too_deep.zip", zipped(("1.zip", zipped(("2.zip", zipped(("3.zip", zipped(("4.zip", good)))))))), FAILED, "is an archive inside")
    many = zipped(*((f"{number}.txt", b"") for number in range(21_000)), right)
    case("zip_of_many.zip", zipped(("many.zip", many)), FAILED, "more than 20000 entries")
    case("zip_lies_about_its_count.zip", zipped(("a.zip", good[:-12] + struct.pack("<HH", 65_535, 65_535) + good[-8:])), FAILED, "more than 20000 entries")
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1 << 40, 1 << 40, 0, 0)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, len(good) - 22, 1)
    case("zip64_lies_about_its_count.zip", good[:-22] + record + locator + good[-22:], FAILED, "more than 20000 entries")
    case("zip_cut_short.zip", zipped((NAME, os.urandom(4000)))[:2000], FAILED, "zip_cut_short.zip")
    case("zip_without_its_directory.zip", good[: good.index(b"PK\1\2")], FAILED, "zip_without_its_directory.zip")
    case("zip_wrong_checksum.zip", good.replace(struct.pack("<I", zlib.crc32(RIGHT)), b"\1\2\3\4"), FAILED, "damaged")
    at = good.index(RIGHT[:0] + NAME.encode()) + len(NAME)
    case("zip_damaged_data.zip", good[:at] + b"\xff" * 20 + good[at + 20 :], FAILED, "damaged")
    case("zip_other_damaged.zip", zipped(right, ("b.py", b"x = 1\n")).replace(struct.pack("<I", zlib.crc32(b"x = 1\n")), b"\1\2\3\4"), PASSED)
    flags = good.replace(b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0").replace(b"\x14\3\x14\0\0\0", b"\x14\3\x14\0\1\0")
    assert flags != good
    case("zip_encrypted.zip", flags, FAILED, "encrypted")
    case("zip_name_twice.zip", stored(NAME.encode(), NAME.encode()), FAILED, "two files of one name")
    case("zip_name_in_two_cases.zip", zipped((NAME, RIGHT), ("SQUARE.PY", b"")), FAILED, "same name on some computers")
    composed, parted = (unicodedata.normalize(form, "café/") + NAME for form in ("NFC", "NFD"))
    case("zip_name_in_two_forms.zip", zipped((composed, RIGHT), (parted, b"")), FAILED, "is there twice")
    case("zip_old_code_page.zip", stored(b"M\x81ller/" + NAME.encode()), PASSED)
    case("zip_control_characters.zip", stored(b"a\x1b[2J\n.py", NAME.encode()), PASSED, "control characters")
    case("zip_nul_in_a_name.zip", stored(b"a\0/../../b.py", NAME.encode()), PASSED, "skipped")
    case("zip_long_name.zip", zipped(("a" * 300 + ".py", b""), right), PASSED, "longer than 255 bytes")
    case("zip_deep_folders.zip", zipped(("d/" * 200 + NAME, RIGHT)), MISSING, "not among what was handed in")
    case("zip_empty.zip", zipped(), MISSING, "nothing")
    case("zip_of_no_bytes.zip", b"", FAILED, "is empty")
    case("zip_is_text.zip", b"This is not a zip file, honestly.\n" * 30, FAILED, "is not an archive")
    case("zip_in_parts.zip", b"PK\7\x08" + good, FAILED, "several parts")
    method = good.replace(b"\x14\0\0\0\x08\0", b"\x14\0\0\0\x63\0")
    assert method != good
    case("zip_unknown_method.zip", method, FAILED, "damaged")
    case("zip_two_candidates.zip", zipped(("a/" + NAME, RIGHT), ("b/" + NAME, b"")), FAILED, "more than once")
    case("zip_empty_file.zip", zipped((NAME, b" \n")), FAILED, "is empty")
    case("zip_of_a_notebook.zip", zipped(("homework.ipynb", b"{}"), ("essay.docx", b"")), MISSING, "homework.ipynb")
    case("zip_copy_of_a_download.zip", zipped(("Square (1).py", RIGHT)), PASSED, "was taken for")
    case("rar.rar", b"Rar!\x1a\7\1\0" + bytes(100), FAILED, "RAR")
    case("seven.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100), FAILED, "7z")


# tar


def member(name, kind=tarfile.REGTYPE, size=len(RIGHT), **attributes):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.size = size if kind == tarfile.REGTYPE else 0
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info


def tarred(*members, format=tarfile.GNU_FORMAT, encoding="utf-8"):
    """`members`: TarInfo of a file as long as the right one, or (TarInfo, bytes)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format, encoding=encoding) as archive:
        for each in members:
            info, content = each if isinstance(each, tuple) else (each, RIGHT)
            archive.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return out.getvalue()


def zstd(content):
    """A frame of raw blocks: Python learns to write this format only in 3.14."""
    blocks = [content[at : at + 100_000] for at in range(0, len(content), 100_000)]
    frame = b"\x28\xb5\x2f\xfd" + bytes([0b10100000]) + struct.pack("<I", len(content))
    for number, block in enumerate(blocks):
        frame += struct.pack("<I", len(block) << 3 | (number == len(blocks) - 1))[:3] + block
    return frame


def greedy_xz(content):
    """An xz stream whose first block asks for a dictionary of 4 GiB."""
    stream = bytearray(lzma.compress(content))
    header = 12
    size = (stream[header] + 1) * 4
    assert stream[header + 2] == 0x21
    stream[header + 4] = 40
    stream[header + size - 4 : header + size] = struct.pack("<I", zlib.crc32(bytes(stream[header : header + size - 4])))
    return bytes(stream)


def tars():
    right = member(NAME)
    good = tarred(right)
    case("tar_right.tar", good, PASSED)
    case("tar_gzip.tar.gz", gzip.compress(good), PASSED)
    case("tar_bzip2.tar.bz2", bz2.compress(good), PASSED)
    case("tar_xz.tar.xz", lzma.compress(good), PASSED)
    case("tar_zstd.tar.zst", zstd(good), PASSED)
    case("tar_pax.tar", tarred(member("päx/" + "x" * 120 + "/" + NAME), format=tarfile.PAX_FORMAT), PASSED)
    old = bytearray(good)
    old[257:265] = bytes(8)
    old[148:156] = b" " * 8
    old[148:156] = b"%06o\0 " % sum(old[:512])
    case("tar_very_old.tar", bytes(old), PASSED)
    case("tar_set_uid.tar", tarred(member(NAME, mode=0o6777, uid=0)), PASSED)
    case("tar_escape.tar", tarred(member("../" + NAME), right), PASSED, "leads out of the archive")
    case("tar_pax_escape.tar", tarred(member("x/" * 80 + "../" * 90 + NAME), right, format=tarfile.PAX_FORMAT), PASSED, "leads out of the archive")
    case("tar_absolute.tar", tarred(member("/etc/" + NAME), right), PASSED, "an absolute path")
    case("tar_link.tar", tarred(member(NAME, tarfile.SYMTYPE, linkname="/etc/passwd")), FAILED, "is a link")
    case("tar_hard_link.tar", tarred(member(NAME, tarfile.LNKTYPE, linkname="/etc/passwd")), FAILED, "is a hard link")
    case("tar_link_and_through_it.tar", tarred(member("d", tarfile.SYMTYPE, linkname="/tmp"), member("d/" + NAME)), PASSED, "a link")
    case("tar_device.tar", tarred(member(NAME, tarfile.CHRTYPE, devmajor=1, devminor=5)), FAILED, "is a device")
    case("tar_block_device.tar", tarred(member("sda", tarfile.BLKTYPE, devmajor=8), right), PASSED, "a device")
    case("tar_named_pipe.tar", tarred(member(NAME, tarfile.FIFOTYPE)), FAILED, "is a named pipe")
    case("tar_cut_short.tar", good[: 512 + len(RIGHT) // 2], FAILED, "cut short")
    case("tar_gzip_cut_short.tar.gz", gzip.compress(good)[:-20], FAILED, "tar_gzip_cut_short.tar.gz")
    case("tar_gzip_wrong_checksum.tar.gz", gzip.compress(good)[:-8] + bytes(8), FAILED, "damaged")
    case("tar_gzip_bomb.tar.gz", gzip.compress(tarred((member("zeros", size=1 << 28), bytes(1 << 28)), right)), FAILED, "far more than its size")
    case("tar_bomb_file.tar.gz", gzip.compress(tarred((member(NAME, size=1 << 26), bytes(1 << 26)))), FAILED, "larger than 1024 KiB")
    long_name = tarred(member("x" * 120 + ".py"))
    bloated = member("././@LongLink", size=20 << 20, mode=0)
    bloated.type = tarfile.GNUTYPE_LONGNAME
    block = bytearray(bloated.tobuf(tarfile.GNU_FORMAT))
    case("tar_endless_name.tar.gz", gzip.compress(bytes(block) + b"x" * (20 << 20) + long_name), FAILED, "names or headers")
    case("tar_wrong_header.tar", good[:512] + good[512 : 512 + -(-len(RIGHT) // 512) * 512] + b"\x01" * 512, FAILED, "damaged")
    huge = member(NAME, size=0)
    huge = bytearray(huge.tobuf(tarfile.GNU_FORMAT))
    huge[124:136] = b"77777777777\0"
    huge[148:156] = b" " * 8
    huge[148:156] = b"%06o\0 " % sum(huge)
    case("tar_lies_about_a_size.tar", bytes(huge) + RIGHT, FAILED, "cut short")
    case("tar_name_twice.tar", tarred(right, right), FAILED, "is there twice")
    case("tar_latin_1.tar", tarred(member("M\xfcller/" + NAME), encoding="latin-1"), PASSED)
    case("tar_sparse.tar", tarred(right)[:156] + b"S" + tarred(right)[157:], FAILED, "tar_sparse.tar")
    case("tar_greedy.tar.xz", greedy_xz(good), FAILED, "memory")
    case("tar_garbage_behind.tar.gz", gzip.compress(good) + b"garbage" * 10, FAILED, "damaged")
    case("gzip_of_one_file.gz", gzip.compress(RIGHT), FAILED, "gzip_of_one_file.gz")


zips()
tars()
json.dump(expected, sys.stdout)
