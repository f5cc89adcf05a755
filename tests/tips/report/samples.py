"""For each place of the schema: texts that are right, at the edge, and wrong.

What a kind of text allows is taken from its facets; what a rule of the protocol asks besides is
written here by hand, by the name of the element or attribute.
"""

from dataclasses import dataclass

from tipbridge.tips.report.schema import our_schema


@dataclass(frozen=True, slots=True)
class Samples:
    """Texts for one place: `edges` are accepted, just; `bad` are refused."""

    good: tuple[str, ...]
    edges: tuple[str, ...]
    bad: tuple[str, ...]


KNOWN_EMAILS = ("u1@mail.example", "사용자@예.example", "l" * 64 + "@" + "d" * 60 + ".example")
"""Written for a person of every generated report, so that an incident may name them."""
_TIMES = Samples(
    ("2013-11-05T10:20:30+09:00", "2014-02-20T01:00:00Z"),
    ("2012-02-29T23:59:59.999999999-14:00", "0001-01-02T00:00:00Z", "2012-01-01T00:00:00+14:00"),
    ("2999-01-01T00:00:00Z", "2013-11-05T10:20:30", "2013-02-29T00:00:00Z", "2013-11-05", "", "x"),
)
_URLS = Samples(
    ("https://site.example/1?a=1&b=2", "https://site.example/길"),
    ("bad1.example.com", "https://site.example/" + "u" * 2062, "x"),
    ("https://site.example/" + "u" * 2063, "https://a b", "a\u00a0b", "a\u0085b", "\n", ""),
)
_EMAILS = Samples(
    ("u1@mail.example", "a.b+c@mail.example"),
    ("l" * 64 + "@" + ".".join(["d" * 63, "d" * 63, "d" * 62]), "u@[192.0.2.1]", "메일@예.example"),
    (
        "l" * 65 + "@mail.example",
        "l" * 64 + "@" + ".".join(["d" * 63, "d" * 63, "d" * 63, "d"]),
        "u1.mail.example",
        "a b@mail.example",
        "u@@mail.example",
        "u@mail..example",
        "u@-mail.example",
        "",
    ),
)
_BY_NAME = {
    "ipAddress": Samples(
        ("203.0.113.7", "2001:db8::7"),
        ("255.255.255.255", "::", "::ffff:198.51.100.7", " 192.0.2.1 "),
        ("203.0.113.256", "fe80::1%eth0", "192.0.2.1/24", "example.com", "", "192.0.2.01"),
    ),
    "dateOfBirth": Samples(
        ("1999-12-31", "2000-02-29"),
        ("2000-01-01Z", "1999-12-31T10:00:00+09:00", "0001-01-01"),
        ("2999-01-01", "1999-02-29", "1999-12-31T10:00:00", "31.12.1999", ""),
    ),
    "reenabledDate": Samples(
        _TIMES.good,
        (*_TIMES.edges, "2999-01-01T00:00:00Z"),
        ("2013-11-05T10:20:30", "x", ""),
    ),
    "countryCode": Samples(("KR", "US"), ("AD", "ZW", "A1"), ("", "KOR", "kr", "UK")),
    "emailAddress": Samples(
        KNOWN_EMAILS[:2], KNOWN_EMAILS[2:], (*_EMAILS.bad, "nobody@mail.example")
    ),
    "fileId": Samples(("c0ffee00aa11bb22cc33dd44ee55ff66",), ("a",), ()),
    "reportId": Samples(("900000123",), ("1", "9223372036854775807"), ("0", "x", "")),
}
_BY_KIND = {
    "xs:string": Samples(("word 값 & <sent>",), ("", " ", "가" * 5000), ()),
    "xs:token": Samples(("word",), ("a b",), ()),
    "xs:boolean": Samples(("true", "false"), ("1", "0", " true "), ("yes", "TRUE", "", "2")),
    "xs:double": Samples(("37.5", "-122.25"), ("0", "1e5", ".5", "-90"), ("x", "", "1,5")),
    "xs:dateTime": _TIMES,
    "url": _URLS,
    "email": _EMAILS,
    "phone": Samples(("2025550100", "010-0000-0000"), ("", "0" * 50), ("0" * 51,)),
    "callingCode": Samples(("+82",), ("+1", "+999"), ("82", "+", "+1000", "+8a")),
    "phoneExtension": Samples(("12",), ("0", "1" * 10), ("1" * 11, "a", "", "-1")),
}
_NOT_BLANK = frozenset({"idType", "idValue", "escalateToHighPriority"})


def samples(name: str, kind: str) -> Samples:
    """The samples of an element or attribute of this name whose text is of this kind.

    Errors: KeyError for a kind that nothing is said of.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    found = _BY_KIND.get(kind) or _by_facets(kind)
    if name in _NOT_BLANK:
        edges = tuple(each for each in found.edges if each.strip())
        return Samples(found.good, edges, (*found.bad, "", " \n\t"))
    return found


def is_free(name: str, kind: str) -> bool:
    """Whether any short text would do here as well."""
    if name in _BY_NAME or name in _NOT_BLANK:
        return False
    value = our_schema().value(kind)
    return kind == "xs:string" or (kind not in _BY_KIND and value.longest is not None)


def _by_facets(kind: str) -> Samples:
    value = our_schema().values[kind]
    if value.listed:
        tried = ("not listed", value.listed[-1] + "x", value.listed[-1].swapcase(), "false")
        bad = tuple(each for each in tried if each not in value.listed)
        return Samples(value.listed[-1:], (value.listed[0], value.listed[-1]), bad)
    if value.base in ("xs:int", "xs:long"):
        least = value.least or 0
        most = value.most or 2**63 - 1
        bad = (str(least - 1), str(most + 1), "x", "", "1.5", "1 2")
        return Samples((str(least + 5),), (str(least), str(most), f" +{least + 1} "), bad)
    if value.longest is None or value.pattern is not None:
        raise KeyError(kind)
    longest = value.longest
    return Samples(("word 값 & <>",), ("", "가" * longest, "𝄞" * longest), ("가" * (longest + 1),))
