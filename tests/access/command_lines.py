"""What is typed to try each command: for the rows that exist, or for none that do."""

from collections.abc import Callable, Mapping

Line = Callable[[Mapping[str, str]], str]
PASSWORD = "--password-stdin"

LINES: dict[str, Line] = {
    "staff add": lambda _: f"--username new-one --role press {PASSWORD}",
    "staff change": lambda _: "--username somebody --role press",
    "staff list": lambda _: "",
    "units add": lambda _: "--code new --name New",
    "units list": lambda _: "",
    "clock set": lambda _: "2099-01-01T00:00:00Z",
    "audit list": lambda _: "",
    "audit verify": lambda _: "",
    "erasure run": lambda _: "",
    "agreements add": lambda ids: ids["some_file"],
    "agreements list": lambda _: "",
    "agreements show": lambda ids: ids["agreement"],
    "lists add": lambda _: "--name known-2 --purpose known-material --source test",
    "lists import": lambda ids: f"known {ids['some_file']}",
    "lists list": lambda _: "",
    "providers add": lambda _: f"--name esp-new --username usr-new {PASSWORD}",
    "providers list": lambda _: "",
    "providers revoke": lambda _: "--username esp-one",
    "tips list": lambda _: "",
    "tips show": lambda ids: ids["report"],
    "tips assign": lambda ids: f"{ids['report']} --unit own",
    "tips purge": lambda ids: ids["report"],
    "leads list": lambda _: "",
    "leads show": lambda ids: ids["lead"],
    "leads add": lambda _: "--grounds Known --grade B2 --email kid@mail.example",
    "leads close": lambda ids: ids["lead"],
    "peers card": lambda _: "",
    "peers add": lambda ids: ids["some_file"],
    "peers list": lambda _: "",
    "packages list": lambda _: "",
    "packages resend": lambda ids: ids["package"],
    "referrals list": lambda _: "",
    "referrals show": lambda ids: ids["received"],
    "referrals draft": lambda ids: f"--to us.hsi --tip {ids['report']}",
    "referrals decide": lambda ids: ids["draft"],
    "referrals release": lambda ids: ids["draft"],
    "referrals assign": lambda ids: f"{ids['draft']} --unit own",
    "requests list": lambda _: "",
    "requests open": lambda ids: ids["draft"],
    "requests answer": lambda ids: f"{ids['asked']} --refuse --legal-basis none",
    "cases list": lambda _: "",
    "cases show": lambda ids: ids["case"],
    "cases assign": lambda ids: f"{ids['case']} --unit own",
    "cases restrict": lambda ids: ids["case"],
    "cases add-person": lambda ids: f"{ids['case']} --role victim",
    "cases record-person": lambda ids: f"{ids['person']} --reference person-001",
    "outcomes advise": lambda ids: ids["person"],
    "outcomes decide": lambda ids: f"{ids['person']} juvenile-division --grounds Synthetic",
    "outcomes show": lambda ids: ids["case"],
    "outcomes welfare": lambda ids: f"{ids['welfare']} --contact-made",
    "removals list": lambda ids: ids["case"],
    "removals record": lambda ids: f"{ids['removal']} notice-sent",
    "exhibits add": lambda ids: (
        f"--case {ids['case']} --mark USB-2 --kind device --description stick"
        " --place home --authority warrant"
    ),
    "exhibits hand-over": lambda ids: f"{ids['exhibit']} --to somebody",
    "exhibits receive": lambda ids: ids["exhibit"],
    "exhibits return": lambda ids: f"{ids['exhibit']} --to somebody",
    "exhibits examine": lambda ids: f"{ids['exhibit']} {ids['folder']}",
    "exhibits show": lambda ids: ids["exhibit"],
    "exhibits list": lambda _: "",
    "bulletin show": lambda _: "--from 2013-11-01 --to 2014-10-31",
}

MARKS: dict[str, str] = {
    "tips list": "report",
    "leads list": "lead",
    "referrals list": "received",
    "requests list": "request",
    "cases list": "case",
    "exhibits list": "exhibit",
}
"""For commands that list rows: which id shows that the row is among them."""
