"""Types that their first bytes give away. Containers (zip, OLE2, SQLite) are only named here; others look inside."""

from __future__ import annotations

from checks.facts.files.guess import CERTAIN, LIKELY, STRONG, Guess, guess

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 2048
_START: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tif"),
    (b"MM\0*", "tif"),
    (b"II+\0", "tif"),
    (b"MM\0+", "tif"),
    (b"\0\0\x01\0", "ico"),
    (b"8BPS", "psd"),
    (b"\xd7\xcd\xc6\x9a", "emf"),
    (b"AT&TFORM", "djvu"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    (b"\x1f\x8b\x08", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"MSCF\0\0\0\0", "cab"),
    (b"!<arch>\n", "ar"),
    (b"WARC/", "warc"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"FEA1", "arrow"),
    (b"ORC", "orc"),
    (b"Obj\x01", "avro"),
    (b"\0\x01\0\0Standard Jet DB", "mdb"),
    (b"\0\x01\0\0Standard ACE DB", "mdb"),
    (b"$FL2@(#)", "sav"),
    (b"$FL3@(#)", "sav"),
    (b"<stata_dta>", "dta"),
    (b"HEADER RECORD*******LIBRARY HEADER RECORD", "sas"),
    (b"\0\0\x27\x0a\0\0\0\0", "shp"),
    (b"fgb\x03fgb", "fgb"),
    (b"GRIB", "grib2"),
    (b"CDF\x01", "netcdf"),
    (b"CDF\x02", "netcdf"),
    (b"CDF\x05", "netcdf"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x0e\x03\x13\x01", "hdf5"),
    (b"{\\rtf", "rtf"),
    (b"%!PS", "ps"),
    (b"\xc5\xd0\xd3\xc6", "ps"),
    (b"ITSF\x03\0\0\0", "chm"),
    (b"bplist0", "plist"),
    (b"AC10", "dwg"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "one"),
    (b"\xdb\xa5\x2d\0", "doc"),
    (b"\x31\xbe\0\0", "doc"),
    (b"\x09\x08\x08\0\0\x05", "xls"),
    (b"\x09\x08\x10\0\0\x06", "xls"),
    (b"\x09\x04\x06\0", "xls"),
    (b"\x09\x02\x06\0", "xls"),
    (b"\x09\0\x04\0", "xls"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"MThd", "midi"),
    (b"FLV\x01", "flv"),
    (b"FWS", "swf"),
    (b"CWS", "swf"),
    (b"\x1a\x45\xdf\xa3", "mkv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
    (b"LASF", "las"),
    (b"BUFR", "bufr"),
    (b"SIMPLE  =", "fits"),
    (b"\x08\x09\xfe\x02", "dgn"),
    (b"\xff\xfe\xff\x0eS\0k\0e\0", "model3d"),
    (b"glTF\x02\0\0\0", "model3d"),
    (b"ply\nformat ", "model3d"),
    (b"ply\r\nformat ", "model3d"),
    (b"RDX2\n", "rdata"),
    (b"RDX3\n", "rdata"),
    (b"X\n\0\0\0\x02\0", "rdata"),
    (b"X\n\0\0\0\x03\0", "rdata"),
    (b"\xffWPC", "wpd"),
    (b"\0\0\x02\0\x06\x04\x06\0", "wk"),
    (b"\0\0\x1a\0\0\x10\x04\0", "wk"),
    (b"\0\0\x1a\0\x02\x10\x04\0", "wk"),
    (b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5", "indd"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"!BDN", "pst"),
    (b"\xed\xab\xee\xdb", "rpm"),
    (b"070701", "cpio"),
    (b"070702", "cpio"),
    (b"070707", "cpio"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"LZIP\x01", "lzip"),
    (b"\x1f\x9d\x90", "compress"),
    (b"\x60\xea", "lha"),
    (b"OTTO\0", "font"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"icns\0", "ico"),
    (b"\0\0\x02\0\x01\0", "ico"),
    (b"\x76\x2f\x31\x01", "exr"),
    (b"gimp xcf ", "xcf"),
    (b"#!AMR", "aac"),
    (b".snd\0\0\0", "aiff"),
    (b"\0\0\x01\xba", "mpg"),
    (b"\0\0\x01\xb3", "mpg"),
    (b"\x01\0\x09\0\0\x03", "emf"),
    (b"II\xbc\x01", "tif"),
    (b"\xcf\xfa\xed\xfe", "exe"),
    (b"\xfe\xed\xfa\xcf", "exe"),
    (b"\xca\xfe\xba\xbe\0\0\0", "exe"),
    (b"dex\n03", "exe"),
)
_BY_FIRST: dict[int, list[tuple[bytes, str]]] = {}
for _sign, _type in _START:
    _BY_FIRST.setdefault(_sign[0], []).append((_sign, _type))
_FURTHER: tuple[tuple[int, bytes, str], ...] = (
    (40, b" EMF\0\0\1\0", "emf"),
    (60, b"BOOKMOBI", "mobi"),
    (60, b"TEXtREAd", "mobi"),
    (128, b"DICM", "dicom"),
    (2, b"-lh5-", "lha"),
    (2, b"-lh0-", "lha"),
    (8, b"AIFF", "aiff"),
    (8, b"AIFC", "aiff"),
    (0x8001, b"CD001", "iso9660"),
    (456, b"SPSSPORT", "por"),
    (466, b"SPSSPORT", "por"),
    (512, b"\x89HDF\r\n\x1a\n", "hdf5"),
    (1024, b"\x89HDF\r\n\x1a\n", "hdf5"),
)
"""Place, sign and type of what does not stand at the beginning."""
_SEARCHED = 1 << 18
_BMP_HEADERS = (b"\x28\0\0\0", b"\x0c\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
_DTA_ORDERS = (b"\x01\x01\0", b"\x02\x01\0")
_SOME = 8
_DBF_LEAST = 65
_DBF_END = b"\r"
_DBF_FIELDS = frozenset(bytes([kind]) for kind in b"CNDLMFBGPYTI@O+V")
_FTYP = {b"avif": "avif", b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"msf1": "heic"}
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_NETCDF = (b"_NCProperties", b"_Netcdf4Coordinates", b"_nc3_strict")
_CMS = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_CMS_WITHIN = 24
"""Object identifiers of the Cryptographic Message Syntax (RFC 5652) begin so, near the start of the DER."""
_TTF = (b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"LTSH", b"OS/2", b"FFTM", b"BASE", b"cmap", b"cvt ")
_TS_PACKET = 188
_STREAM = b"\0\0\x10\0\0\0\0"
"""Length of a first message under 64 KB, then where its root stands: Arrow's streaming form."""
_MOST_LAYERS = 200
_BDB = {b"\x62\x31\x05\0", b"\x61\x15\x06\0", b"\0\x05\x31\x62", b"\0\x06\x15\x61"}
_DBF_VERSIONS = frozenset({0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xF5, 0xFB})


def by_magic(body: bytes) -> Guess | None:
    """Return the type that the first bytes tell, or None."""
    for sign, found in _BY_FIRST.get(body[0], ()):
        if body.startswith(sign):
            if found == "hdf5" and any(name in body[:_SEARCHED] for name in _NETCDF):
                return guess("netcdf", STRONG, "hdf5:netcdf4_attributes")
            return guess(found, CERTAIN if len(sign) > 3 else STRONG, f"magic:{found}")  # noqa: PLR2004
    return _riff(body) or _ftyp(body) or _offset(body) or _dbf(body) or _loose(body)


def _riff(body: bytes) -> Guess | None:
    if body[:4] != b"RIFF":
        return None
    found = _RIFF.get(body[8:12]) or ("cdr" if body[8:11] in (b"CDR", b"cdr") else None)
    return guess(found, CERTAIN, f"magic:riff:{found}") if found else None


def _ftyp(body: bytes) -> Guess | None:
    if body[4:8] not in (b"ftyp", b"moov", b"mdat"):
        return None
    found = _FTYP.get(body[8:12], "mp4") if body[4:8] == b"ftyp" else "mp4"
    return guess(found, CERTAIN, f"magic:ftyp:{found}")


def _offset(body: bytes) -> Guess | None:
    """Signs that stand further in."""
    if body[257:262] == b"ustar" or _old_tar(body):
        return guess("tar", CERTAIN, "magic:tar")
    if body[12:16] in _BDB:
        return guess("bdb", CERTAIN, "magic:bdb")
    if body[84:92] == b"SAS FILE":
        return guess("sas", CERTAIN, "magic:sas")
    if body[4:15] == b"\n\tOSMHeader":
        return guess("osmpbf", CERTAIN, "magic:osmpbf")
    return next(
        (guess(found, CERTAIN, f"magic:{found}") for at, sign, found in _FURTHER if body[at : at + len(sign)] == sign),
        None,
    )


def _old_tar(body: bytes) -> bool:
    """Tell a tar without its sign by the check sum of the first header."""
    stated = body[148:156].strip(b" \0")
    if len(body) < 512 or not body[0] or not 1 <= len(stated) <= 7 or stated.strip(b"01234567"):  # noqa: PLR2004
        return False
    return sum(body[:148]) + 8 * 32 + sum(body[156:512]) == int(stated, 8)


def _dbf(body: bytes) -> Guess | None:
    """Tell a dBase table by version, a date that can be, and a header whose length fits its fields."""
    if body[0] not in _DBF_VERSIONS or len(body) < _DBF_LEAST or body[2] > 12 or body[3] > 31:  # noqa: PLR2004
        return None
    header, record = int.from_bytes(body[8:10], "little"), int.from_bytes(body[10:12], "little")
    fits = _DBF_LEAST <= header <= len(body) and header % 32 in (1, 2, 8) and record > 1
    visual = body[0] in (0x30, 0x31, 0x32)
    if not fits or not (visual or _DBF_END in body[header - 2 : header]) or body[43:44] not in _DBF_FIELDS:
        return None
    return guess("dbf", STRONG, "dbf:header")


def _loose(body: bytes) -> Guess | None:
    """Signs short enough to ask for a second one. The first line that is true decides."""
    at = body.find(b"%PDF-", 0, _HEAD)
    lines = (
        (body[:2] == b"BM" and body[14:18] in _BMP_HEADERS, "bmp", CERTAIN, "magic:bmp"),
        (body[:2] == b"MZ" and body[:512].count(0) > _SOME, "exe", STRONG, "magic:exe"),
        (body[:4] == b"\x7fELF", "exe", CERTAIN, "magic:elf"),
        (body[:1] == b"\xff" and _is_mpeg(body), "mp3", LIKELY, "magic:mpeg_frame"),
        (body[:3] == b"]\0\0" and body[12:13] in (b"\xff", b"\0"), "lzma", LIKELY, "magic:lzma"),
        (body[:1] in (b"r", b"q", b"s", b"u") and body[1:4] in _DTA_ORDERS, "dta", LIKELY, "magic:dta"),
        (body[:1] == b"\x30" and _CMS in body[: _CMS_WITHIN + len(_CMS)], "p7m", STRONG, "der:cms"),
        (body[:4] == b"\0\1\0\0" and body[12:16] in _TTF, "font", STRONG, "magic:font"),
        (body[:1] == b"\x0a" and body[1:2] in b"\0\2\3\5" and body[2:3] == b"\1", "pcx", LIKELY, "magic:pcx"),
        (body[:4] == b"\xff\xff\xff\xff" and body[6:13] == _STREAM, "arrow", LIKELY, "magic:arrow_stream"),
        (_is_transport(body), "mpg", LIKELY, "magic:transport_stream"),
        (body[:1] == b"\x1a" and _is_tile(body), "mvt", LIKELY, "protobuf:layers"),
        (at > 0, "pdf", STRONG, "magic:pdf_after_junk"),
    )
    return next((guess(found, sure, sign) for true, found, sure, sign in lines if true), None)


def _is_mpeg(body: bytes) -> bool:
    return len(body) > _SOME and body[1] & 0xE6 == 0xE2 and body[2] & 0xF0 not in (0, 0xF0)  # noqa: PLR2004 - bit masks


def _is_transport(body: bytes) -> bool:
    """Tell an MPEG transport stream: packets of 188 bytes, each beginning with the same sign."""
    return len(body) > 5 * _TS_PACKET and all(body[at * _TS_PACKET] == ord("G") for at in range(5))


def _is_tile(body: bytes) -> bool:
    """Tell a vector tile: layers (field 3 of the message) of stated length fill the file, each begins with its name."""
    at, layers = 0, 0
    while at < len(body) and layers < _MOST_LAYERS:
        length, start = _varint(body, at + 1)
        if body[at] != 0x1A or not length or start + length > len(body):  # noqa: PLR2004
            return False
        if body[start] not in (0x0A, 0x78, 0x12):  # a name, a version or a feature
            return False
        at, layers = start + length, layers + 1
    return layers > 0


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """Return a number of at most five bytes and where it ends; 0 when there is none."""
    value = 0
    for step in range(5):
        if at + step >= len(body):
            break
        value |= (body[at + step] & 0x7F) << (7 * step)
        if body[at + step] < 0x80:  # noqa: PLR2004 - the last byte has its high bit clear
            return value, at + step + 1
    return 0, at
