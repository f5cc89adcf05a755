"""Advice written by hand, case by case, from the law as an outsider reads it.

Nothing here is made by the product's code. A line is: jurisdiction | day of the act | day of
the decision | who | offences | facts | permitted, in order | forbidden, by rule | duties |
what is unknown. Several ages or offences on a line are as many cases.

Who: completed years on the day of the act with the birthday a hundred days before it; `12..15`
a range of years; a birth date, `said:` by the person (up to five years off, either way);
`?` nobody knows. Facts: school E M H U, `-` known to be at
none (also when nothing is said), `?` unknown; s+ s- s? made of oneself (s- when nothing is
said), `pic:` the day it was made, or two days; x+ x- x? force, malice or money (x? when nothing is said), `made` made to do it by others; `sale` prepared a sales site;
`victim` the depicted child only, `both` suspect and depicted. What limitation closes (LR) and the
young who are at risk (AR) stand in a table of their own, table_closing.py.
"""

OUTCOMES = {
    "WO": "welfare-only",
    "JD": "juvenile-division",
    "CG": "child-guidance-centre",
    "GU": "guidance",
    "ST": "summary-trial",
    "PI": "public-interest-closure",
    "DP": "diversion-programme",
    "PD": "prosecutor-diversion",
    "SH": "state-handover",
    "FC": "federal-certification",
    "FA": "family-court",
    "BL": "booked-at-liberty",
    "BD": "booked-detained",
    "NS": "no-suspicion",
    "LR": "limitation-run-out",
    "AR": "juvenile-division-at-risk",
}
DUTIES = {
    "jt": "juvenile-division-transfer",
    "cn": "child-guidance-notice",
    "yo": "youth-office-notice",
    "cs": "childrens-services-notice",
    "ce": "certification-or-handover",
    "cc": "capacity-check",
    "ra": "resolve-age",
    "wr": "welfare-referral",
    "gn": "guardian-notice",
    "co": "counsel",
    "cf": "confidentiality",
    "rm": "removal-of-own-material",
    "minor": "welfare-referral guardian-notice counsel confidentiality",
}

TABLE = """
# --- Korea, the operation of 2014: under 10, welfare only, whatever was done ---
KR | 2014-03-10 | 2014-06-02 | 0 3 8 9 | possession distribution production | | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
KR | 2014-03-10 | 2014-06-02 | 9 | distribution-for-profit procurement | sale | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
KR | 2014-03-10 | 2014-06-02 | 8 | distribution | E s+ both | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor rm |
KR | 2014-03-10 | 2014-06-02 | 9 | viewing | E | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
KR | 2014-03-10 | 2014-06-02 | 8..9 | possession | E | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
# --- 10 to 13: the police chief must send to the juvenile division ---
KR | 2014-03-10 | 2014-06-02 | 10 11 12 13 | possession distribution production | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2014-03-10 | 2014-06-02 | 13 | distribution-for-profit | M sale | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2014-03-10 | 2014-06-02 | 10 13 | distribution | M s+ both | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor rm |
KR | 2014-03-10 | 2014-06-02 | 12 | distribution | M s+ | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor rm |
KR | 2014-03-10 | 2014-06-02 | 12 | distribution | M s? | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor | self-produced
KR | 2014-03-10 | 2014-06-02 | 12 | ? | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor | offence
KR | 2014-03-10 | 2014-06-02 | 12 | viewing purchase | M | NS | KR-JA-4-2: WO GU ST BL BD; KR-NO-OFFENCE: JD | minor |
KR | 2014-03-10 | 2014-06-02 | 10..13 | possession | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
# --- the birthday, to the day, and 29 February ---
KR | 2014-03-10 | 2014-06-02 | 2000-03-11 | possession | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2014-03-10 | 2014-06-02 | 2000-03-10 | possession | M | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-02-28 | 2014-06-02 | 2000-02-29 | possession | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2014-03-01 | 2014-06-02 | 2000-02-29 | possession | M | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-03-10 | 2014-06-02 | 2004-03-11 | possession | E | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
KR | 2014-03-10 | 2014-06-02 | 2004-03-10 | possession | E | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2014-03-10 | 2014-03-10 | 1995-03-11 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-03-10 | 2014-03-10 | 1995-03-10 | possession | H | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2014-03-10 | 2014-12-01 | 2000-03-11 | distribution | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2014-03-10 | 2014-06-02 | 1995-03-11 | possession | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | |
# --- 14 to 18: possession, guidance, whether or not at school ---
KR | 2014-03-10 | 2014-06-02 | 14 15 16 17 18 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-03-10 | 2014-06-02 | 14 16 | possession | M | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-03-10 | 2014-06-02 | 14 18 | possession | - | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-03-10 | 2014-06-02 | 18 | possession | U | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-03-10 | 2014-06-02 | 14 | possession | E | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-03-10 | 2014-06-02 | 15 | possession | ? | GU ST BL BD NS | KR-JUV-14: WO JD | minor | school-level
KR | 2014-03-10 | 2014-06-02 | 14 16 18 | distribution | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | minor |
KR | 2014-03-10 | 2014-06-02 | 14 16 18 | production distribution-for-profit procurement | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-SERIOUS: GU ST | minor |
KR | 2014-03-10 | 2014-06-02 | 16 | possession | H sale | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-SERIOUS: GU ST | minor |
KR | 2014-03-10 | 2014-06-02 | 16 | possession | H s+ both | GU ST BL BD NS | KR-JUV-14: WO JD | minor rm |
KR | 2014-03-10 | 2014-06-02 | 16 | ? | H | NS | KR-JUV-14: WO JD | minor | offence
KR | 2014-03-10 | 2014-06-02 | 16 | viewing purchase advertising | H | NS | KR-JUV-14: WO JD; KR-NO-OFFENCE: GU ST BL BD | minor |
KR | 2014-03-10 | 2014-06-02 | 14..17 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
# --- grown up since: no juvenile division and no guidance from 19 on, and never an accusation for 10 to 13 ---
KR | 2014-03-10 | 2026-06-02 | 10 12 13 | possession distribution production | M | WO NS | KR-JA-38: JD GU ST BL BD | |
KR | 2014-03-10 | 2026-06-02 | 12 | distribution-for-profit | M sale | WO NS | KR-JA-38: JD GU ST BL BD | |
KR | 2014-03-10 | 2019-06-01 | 2000-06-02 | possession | H | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2014-03-10 | 2019-06-02 | 2000-06-02 | possession | U | WO NS | KR-JA-38: JD GU ST BL BD | |
KR | 2014-03-10 | 2020-03-09 | 12..13 | possession | U | NS | AGE-UNRESOLVED: ST BL BD; KR-JA-4-2: WO GU; KR-JA-38: JD | ra | age-at-decision
KR | 2014-03-10 | 2026-06-02 | 8 9 | possession | | WO NS | KR-CA-9-U10: JD GU ST BL BD | |
KR | 2014-03-10 | 2020-01-02 | 14 16 18 | possession | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | |
KR | 2014-03-10 | 2015-03-09 | 1996-03-10 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2014-03-10 | 2015-03-10 | 1996-03-10 | possession | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | |
KR | 2014-03-10 | 2026-06-02 | 13..14 | possession | | NS | AGE-UNRESOLVED: ST BL BD; KR-JA-38: JD GU; KR-JUV-14: WO | ra | age-at-act
# --- from 19 ---
KR | 2014-03-10 | 2014-06-02 | 19 25 46 66 | possession distribution production | U | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2014-03-10 | 2014-06-02 | 46 | distribution-for-profit | sale | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2014-03-10 | 2014-06-02 | 19 | possession | H | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2014-03-10 | 2014-06-02 | 30 | procurement | | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2014-03-10 | 2014-06-02 | 30 | viewing purchase | | NS | KR-ADULT: WO JD GU ST; KR-NO-OFFENCE: BL BD | |
KR | 2014-03-10 | 2014-06-02 | 30 | ? | | NS | KR-ADULT: WO JD GU ST | | offence
KR | 2014-03-10 | 2014-06-02 | 20..40 | possession | | BL BD NS | KR-ADULT: WO JD GU ST | |
# --- unknown, or spanning a threshold: nobody is accused ---
KR | 2014-03-10 | 2014-06-02 | ? | possession distribution | | NS | AGE-UNRESOLVED: ST BL BD; KR-CA-9-U10: JD GU; KR-JA-4-2: WO | ra | birth-date
KR | 2014-03-10 | 2014-06-02 | 12..15 | possession | M | NS | AGE-UNRESOLVED: ST BL BD; KR-JA-4-2: WO GU; KR-JUV-14: JD | ra minor | age-at-act
KR | 2014-03-10 | 2014-06-02 | 13..14 | distribution | M | NS | AGE-UNRESOLVED: ST BL BD; KR-JA-4-2: WO GU; KR-JUV-14: JD | ra minor | age-at-act
KR | 2014-03-10 | 2014-06-02 | 9..10 | distribution | E s+ | NS | AGE-UNRESOLVED: ST BL BD; KR-CA-9-U10: JD GU; KR-JA-4-2: WO | ra minor rm | age-at-act
KR | 2014-03-10 | 2014-06-02 | 17..20 | possession | H | NS | AGE-UNRESOLVED: ST BL BD; KR-JUV-14: WO JD; KR-ADULT: GU | ra | age-at-act
KR | 2014-03-10 | 2014-06-02 | 9..40 | possession | ? | NS | AGE-UNRESOLVED: ST BL BD; KR-CA-9-U10: JD GU; KR-JA-4-2: WO | ra | age-at-act
KR | ? | 2014-06-02 | 1998-12-01 | possession | H | NS | AGE-UNRESOLVED: ST BL BD; KR-CA-9-U10: JD GU; KR-JA-4-2: WO | ra minor | age-at-act act-date
KR | ? | 2014-06-02 | 2005-12-01 | possession | E | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor | act-date
# --- a birth that the person said may be five years off, either way, to the day ---
KR | 2014-03-10 | 2014-06-02 | said:1990-03-10 | possession distribution | | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2014-03-10 | 2014-06-02 | said:1990-03-11 | possession | | NS | AGE-UNRESOLVED: ST BL BD; KR-JUV-14: WO JD; KR-ADULT: GU | ra | age-at-act
KR | 2014-03-10 | 2014-06-02 | said:1995-03-10 | possession | H | NS | AGE-UNRESOLVED: ST BL BD; KR-JUV-14: WO JD; KR-ADULT: GU | ra | age-at-act
KR | 2014-03-10 | 2014-06-02 | said:1995-03-11 | possession | H | NS | AGE-UNRESOLVED: ST BL BD; KR-JA-4-2: WO GU; KR-JUV-14: JD | ra | age-at-act
KR | 2014-03-10 | 2014-06-02 | said:2009-03-11 | possession | E | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
KR | 2014-03-10 | 2014-06-02 | said:2009-03-10 | possession | E | NS | AGE-UNRESOLVED: ST BL BD; KR-CA-9-U10: JD GU; KR-JA-4-2: WO | ra minor | age-at-act
JP | 2014-03-10 | 2014-06-02 | said:1989-03-10 | distribution | | BL BD NS | JP-ADULT: WO CG FA | |
JP | 2014-03-10 | 2014-06-02 | said:1989-03-11 | distribution | | BL BD NS | JP-JA-19: WO CG FA | |
JP | 2014-03-10 | 2014-03-10 | said:1989-03-11 | distribution | | NS | AGE-UNRESOLVED: FA BL BD; JP-JA-FAMILY: WO CG | ra | age-at-act
GB-EW | 2014-03-10 | 2014-06-02 | said:2009-03-11 | possession | | WO NS | EW-CYPA-50: BL BD | cs minor |
# --- the depicted child; "child or youth" goes by calendar year, juvenile by birthday ---
KR | 2014-03-10 | 2014-06-02 | 5 12 17 | ? | victim | | | minor rm |
KR | 2014-03-10 | 2014-06-02 | 30 | ? | victim | | | wr rm cf |
KR | 2014-03-10 | 2014-06-02 | 1995-12-31 | ? | victim | | | minor rm |
KR | 2013-12-31 | 2014-06-02 | 1995-12-31 | ? | victim | | | minor rm |
KR | 2013-12-31 | 2015-01-05 | 1995-12-31 | ? | victim | | | wr rm cf |
KR | 2014-03-10 | 2014-06-02 | ? | ? | victim | | | wr rm cf | birth-date
# --- Korea since 2 June 2020: no fine, so no way out of booking; buying and viewing too ---
KR | 2021-05-01 | 2021-09-01 | 8 | possession viewing | E | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
KR | 2021-05-01 | 2021-09-01 | 10 13 | possession viewing distribution advertising | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2021-05-01 | 2021-09-01 | 14 16 18 | possession viewing purchase | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | minor |
KR | 2021-05-01 | 2021-09-01 | 14 16 | distribution | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | minor |
KR | 2021-05-01 | 2021-09-01 | 15 16 | advertising-without-profit | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | minor |
KR | 2020-06-01 | 2021-03-01 | 15 | advertising-without-profit | H | NS | KR-JUV-14: WO JD; KR-NO-OFFENCE: GU ST BL BD | minor |
KR | 2020-06-02 | 2021-03-01 | 30 | advertising-without-profit | | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2021-05-01 | 2021-09-01 | 13 | advertising-without-profit | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
US | 2014-03-10 | 2014-06-02 | 30 | advertising-without-profit | | BL BD NS | US-ADULT: SH FC | |
GB-EW | 2014-03-10 | 2014-06-02 | 30 | advertising-without-profit | | BL BD NS | EW-ADULT: WO | |
KR | 2021-05-01 | 2021-09-01 | 16 | production distribution-for-profit advertising procurement | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-SERIOUS: GU ST | minor |
KR | 2021-05-01 | 2021-09-01 | 19 30 | possession viewing purchase distribution advertising | | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2021-05-01 | 2021-09-01 | 15 | possession | ? | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | minor |
KR | 2021-05-01 | 2021-09-01 | 13..14 | viewing | M | NS | AGE-UNRESOLVED: ST BL BD; KR-JA-4-2: WO GU; KR-JUV-14: JD | ra minor | age-at-act
KR | 2025-03-10 | 2025-06-02 | 9 | distribution | E s+ both | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor rm |
KR | 2025-03-10 | 2025-06-02 | 12 | distribution | M s+ both | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor rm |
KR | 2025-03-10 | 2025-06-02 | 16 | possession | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | minor |
KR | 2025-03-10 | 2025-06-02 | 46 | distribution-for-profit | sale | BL BD NS | KR-ADULT: WO JD GU ST | |
# --- before June 2013: lighter, not read; possession carries a fine only ---
KR | 2013-03-10 | 2013-06-10 | 9 | possession production | E | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
KR | 2013-03-10 | 2013-06-10 | 13 | possession distribution | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2013-03-10 | 2013-06-10 | 14 16 18 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2013-03-10 | 2013-06-10 | 16 | distribution | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | minor |
KR | 2013-06-18 | 2013-09-02 | 16 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2013-06-19 | 2013-09-02 | 16 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2013-03-10 | 2013-06-10 | 30 | possession production distribution procurement | | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2013-03-10 | 2013-06-10 | 30 | viewing purchase advertising | | NS | KR-ADULT: WO JD GU ST; KR-NO-OFFENCE: BL BD | |
# --- attempt and habit of production: as serious as the act, in every period ---
KR | 2013-03-10 | 2013-06-10 | 16 | attempted-production habitual-production | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-SERIOUS: GU ST | minor |
KR | 2014-03-10 | 2014-06-02 | 16 | attempted-production habitual-production | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-SERIOUS: GU ST | minor |
KR | 2014-03-10 | 2014-06-02 | 12 | attempted-production habitual-production | M | JD NS | KR-JA-4-2: WO GU ST BL BD | jt minor |
KR | 2014-03-10 | 2014-06-02 | 9 | attempted-production | E | WO NS | KR-CA-9-U10: JD GU ST BL BD | minor |
KR | 2019-03-10 | 2021-06-02 | 30 | habitual-production | | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2021-05-01 | 2021-09-01 | 30 | attempted-production habitual-production | | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2021-05-01 | 2021-09-01 | 13..14 | attempted-production | M | NS | AGE-UNRESOLVED: ST BL BD; KR-JA-4-2: WO GU; KR-JUV-14: JD | ra minor | age-at-act
DE | 2014-03-10 | 2014-06-02 | 16 | attempted-production | x- | BL BD NS | DE-JGG-3: WO; DE-JGG-45: PD | cc minor |
GB-EW | 2016-03-10 | 2016-06-02 | 15 | attempted-production | s+ x- | BL BD NS | EW-YOUTH: WO; EW-OUTCOME-21: PI; EW-OUTCOME-22: DP | minor rm |
JP | 2014-03-10 | 2014-06-02 | 16 | attempted-production | | FA NS | JP-JA-FAMILY: WO CG BL BD | minor |
# --- act and decision on two sides of the amendment: the lighter old text stays ---
KR | 2020-06-01 | 2020-06-02 | 16 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2020-06-02 | 2020-06-02 | 16 | possession | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | minor |
KR | 2020-06-01 | 2021-03-01 | 16 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | 2020-06-01 | 2021-03-01 | 16 | viewing purchase | H | NS | KR-JUV-14: WO JD; KR-NO-OFFENCE: GU ST BL BD | minor |
KR | 2020-06-02 | 2021-03-01 | 30 | viewing | | BL BD NS | KR-ADULT: WO JD GU ST | |
KR | 2020-06-01 | 2021-03-01 | 30 | viewing | | NS | KR-ADULT: WO JD GU ST; KR-NO-OFFENCE: BL BD | |
KR | 2013-03-10 | 2025-06-02 | 16 | possession | H | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-2012: GU ST | |
KR | 2018-03-10 | 2020-06-10 | 16 | possession | H | GU ST BL BD NS | KR-JUV-14: WO JD | minor |
KR | ? | 2021-03-01 | 1980-05-05 | viewing | | NS | AGE-UNRESOLVED: ST BL BD; KR-CA-9-U10: JD GU; KR-JUV-14: WO | ra | age-at-act act-date
# --- an own picture is an offence only where it shows a child or youth: by calendar year, on the day of the picture ---
KR | 2013-12-31 | 2014-06-02 | 1995-12-31 | production | H s+ | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-SERIOUS: GU ST | minor rm |
KR | 2014-01-01 | 2014-06-02 | 1995-12-31 | production attempted-production habitual-production | H s+ | NS | KR-JUV-14: WO JD; KR-YPA-2: GU ST BL BD | minor rm |
KR | 2014-01-01 | 2014-06-02 | 1995-12-31 | production | H s- | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-SERIOUS: GU ST | minor |
KR | 2014-03-10 | 2014-06-02 | 30 | production attempted-production | s+ | NS | KR-ADULT: WO JD GU ST; KR-YPA-2: BL BD | |
KR | 2021-05-01 | 2021-09-01 | 30 | production | s+ | NS | KR-ADULT: WO JD GU ST; KR-YPA-2: BL BD | |
# nothing says when it was made: a grown person's picture may be an old one, so nobody is accused
KR | 2014-03-10 | 2014-06-02 | 30 | possession distribution distribution-for-profit | s+ | NS | AGE-UNRESOLVED: ST BL BD; KR-ADULT: WO JD GU | ra rm | age-when-depicted
KR | 2021-05-01 | 2021-09-01 | 30 | viewing purchase advertising | s+ | NS | AGE-UNRESOLVED: ST BL BD; KR-ADULT: WO JD GU | ra rm | age-when-depicted
KR | 2014-03-10 | 2014-06-02 | 30 | viewing purchase | s+ | NS | KR-ADULT: WO JD GU ST; KR-NO-OFFENCE: BL BD | rm |
KR | 2014-03-10 | 2014-06-02 | 30 | procurement | s+ | BL BD NS | KR-ADULT: WO JD GU ST | rm |
KR | 2014-03-10 | 2014-06-02 | 1995-08-05 | possession | H s+ | NS | AGE-UNRESOLVED: ST BL BD; KR-JUV-14: WO JD | ra minor rm | age-when-depicted
KR | 2014-03-10 | 2014-06-02 | 1996-08-05 | possession | H s+ | GU ST BL BD NS | KR-JUV-14: WO JD | minor rm |
# it says so: 30 at the act, born 30 November 1983, a child or youth to the end of 2001
KR | 2014-03-10 | 2014-06-02 | 30 | possession distribution | s+ pic:2013-05-05 | NS | KR-ADULT: WO JD GU ST; KR-YPA-2: BL BD | |
KR | 2014-03-10 | 2014-06-02 | 30 | possession distribution | s+ pic:2002-01-01 | NS | KR-ADULT: WO JD GU ST; KR-YPA-2: BL BD | |
KR | 2014-03-10 | 2014-06-02 | 30 | possession distribution | s+ pic:2001-12-31 | BL BD NS | KR-ADULT: WO JD GU ST | rm |
# --- a picture is older than what is done with it: what protects whom it shows asks for the age on its day ---
KR | 2014-03-10 | 2014-06-02 | 20 | distribution | s+ pic:2009-05-05 both | BL BD NS | KR-ADULT: WO JD GU ST | wr rm cf |
KR | 2014-03-10 | 2014-06-02 | 20 | distribution | s+ pic:2013-05-05 both | NS | KR-ADULT: WO JD GU ST; KR-YPA-2: BL BD | |
KR | 2014-03-10 | 2014-06-02 | 20 | distribution | pic:2013-05-05 both | BL BD NS | KR-ADULT: WO JD GU ST | wr rm cf |
KR | 2014-03-10 | 2014-06-02 | 20 | production | s+ both | NS | KR-ADULT: WO JD GU ST; KR-YPA-2: BL BD | |
KR | 2014-03-10 | 2014-06-02 | 30 | possession | s+ pic:2001-12-31..2002-01-01 | NS | AGE-UNRESOLVED: ST BL BD; KR-ADULT: WO JD GU | ra rm | age-when-depicted
KR | 2014-03-10 | 2014-06-02 | 1995-08-05 | possession | H s+ pic:2013-06-01 | GU ST BL BD NS | KR-JUV-14: WO JD | minor rm |
KR | 2014-03-10 | 2014-06-02 | 1995-08-05 | possession | H s+ pic:2014-02-01 | NS | KR-JUV-14: WO JD; KR-YPA-2: GU ST BL BD | minor rm |
# a picture made after the act is not the act's: its day says nothing
KR | 2014-03-10 | 2014-06-02 | 1995-08-05 | possession | H s+ pic:2014-05-05 | NS | AGE-UNRESOLVED: ST BL BD; KR-JUV-14: WO JD | ra minor rm | age-when-depicted
KR | 2014-03-10 | 2014-06-02 | 1995-08-05 | possession | H s+ pic:2013-06-01..2014-05-05 | NS | AGE-UNRESOLVED: ST BL BD; KR-JUV-14: WO JD | ra minor rm | age-when-depicted
# 18 by birthday for certain, on one side or the other of the first of January
KR | 2014-03-10 | 2014-06-02 | 1995-06-11..1996-02-01 | production | H s+ | NS | AGE-UNRESOLVED: ST BL BD; KR-JUV-14: WO JD; KR-GUIDE-2012: GU | ra minor rm | age-when-depicted
KR | 2014-03-10 | 2014-06-02 | 1995-06-11..1996-02-01 | production | H s- | BL BD NS | KR-JUV-14: WO JD; KR-GUIDE-SERIOUS: GU ST | minor |
KR | ? | 2014-06-02 | ? | production | s+ | NS | AGE-UNRESOLVED: ST BL BD; KR-CA-9-U10: JD GU; KR-JA-4-2: WO | ra rm | birth-date act-date
DE | 2014-03-10 | 2014-06-02 | 18 20 | production | s+ x- | NS | DE-JGG-105: WO; DE-STGB-184BC: PD BL BD | |
DE | 2014-03-10 | 2014-06-02 | 21 50 | production | s+ | NS | DE-ADULT: WO PD; DE-STGB-184BC: BL BD | |
GB-EW | 2014-03-10 | 2014-06-02 | 18 40 | production | s+ | NS | EW-ADULT: WO; EW-CHILD: BL BD | |
US | 2014-03-10 | 2014-06-02 | 18 40 | production | s+ | NS | US-ADULT: SH FC; US-2256: BL BD | |
JP | 2014-03-10 | 2014-06-02 | 18 19 | production | s+ | NS | JP-JA-FAMILY: WO CG BL BD; JP-CP-2: FA | minor rm |
JP | 2014-03-10 | 2014-06-02 | 40 | distribution | s+ | NS | AGE-UNRESOLVED: FA BL BD; JP-ADULT: WO CG | ra rm | age-when-depicted
# --- Japan ---
JP | 2014-03-10 | 2014-06-02 | 9 13 | distribution production | | CG NS | JP-PC-41: WO FA BL BD | cn minor |
JP | 2014-03-10 | 2014-06-02 | 13 | possession | | CG NS | JP-PC-41: WO FA BL BD | minor |
JP | 2014-03-10 | 2014-06-02 | 14 17 19 | distribution production | | FA NS | JP-JA-FAMILY: WO CG BL BD | minor |
JP | 2014-03-10 | 2014-06-02 | 16 | possession | | NS | JP-JA-FAMILY: WO CG BL BD; JP-CONST-39: FA | minor |
JP | 2014-03-10 | 2014-06-02 | 20 40 | distribution distribution-for-profit | | BL BD NS | JP-ADULT: WO CG FA | |
JP | 2014-03-10 | 2014-06-02 | 40 | possession | | NS | JP-ADULT: WO CG FA; JP-CONST-39: BL BD | |
JP | 2015-07-14 | 2015-09-01 | 40 | possession | | NS | JP-ADULT: WO CG FA; JP-CONST-39: BL BD | |
JP | 2015-07-15 | 2015-09-01 | 40 | possession | | BL BD NS | JP-ADULT: WO CG FA | |
JP | 2016-03-10 | 2016-06-02 | 13 | possession | | CG NS | JP-PC-41: WO FA BL BD | cn minor |
JP | 2016-03-10 | 2016-06-02 | 14 19 | possession | | FA NS | JP-JA-FAMILY: WO CG BL BD | minor |
JP | 2022-05-01 | 2022-07-01 | 17 | possession | | FA NS | JP-JA-FAMILY: WO CG BL BD | minor |
JP | 2022-05-01 | 2022-07-01 | 18 19 | possession | | FA NS | JP-JA-SPECIFIED: WO CG BL BD | minor |
JP | 2022-05-01 | 2022-07-01 | 20 | possession | | BL BD NS | JP-ADULT: WO CG FA | |
JP | 2022-05-01 | 2022-07-01 | 16..18 | possession | | FA NS | JP-JA-FAMILY: WO CG BL BD | minor |
JP | 2014-03-10 | 2014-06-02 | 13..14 | distribution | | NS | AGE-UNRESOLVED: FA BL BD; JP-PC-41: WO; JP-JA-FAMILY: CG | ra minor | age-at-act
JP | 2014-03-10 | 2014-06-02 | ? | distribution | | NS | AGE-UNRESOLVED: FA BL BD; JP-PC-41: WO; JP-CWA-4: CG | ra | birth-date
JP | 2014-03-10 | 2026-06-02 | 9 13 | distribution | | WO NS | JP-CWA-4: CG FA BL BD | |
JP | 2014-03-10 | 2018-03-11 | 2000-03-11 | distribution | | WO NS | JP-CWA-4: CG FA BL BD | minor |
JP | 2014-03-10 | 2018-03-10 | 2000-03-11 | distribution | | CG NS | JP-PC-41: WO FA BL BD | cn minor |
JP | 2014-03-10 | 2020-03-10 | 14 17 19 | distribution | | BL BD NS | JP-JA-19: WO CG FA | |
JP | 2022-05-01 | 2025-05-01 | 17 18 | possession | | BL BD NS | JP-JA-19: WO CG FA | |
JP | 2014-03-10 | 2014-06-02 | 17 | ? | victim | | | minor rm |
JP | 2014-03-10 | 2014-06-02 | 18 | ? | victim | | | minor rm |
# --- Germany ---
DE | 2014-03-10 | 2014-06-02 | 9 13 | possession distribution | | WO NS | DE-STGB-19: PD BL BD | yo minor |
DE | 2014-03-10 | 2014-06-02 | 14 17 | possession distribution | x- | PD BL BD NS | DE-JGG-3: WO | cc minor |
DE | 2014-03-10 | 2014-06-02 | 16 | possession | x? | BL BD NS | DE-JGG-3: WO | cc minor | exploitation
DE | 2014-03-10 | 2014-06-02 | 16 | possession | x+ | BL BD NS | DE-JGG-3: WO; DE-JGG-45: PD | cc minor |
DE | 2014-03-10 | 2014-06-02 | 16 | possession | made | BL BD NS | DE-JGG-3: WO | cc minor |
DE | 2014-03-10 | 2014-06-02 | 16 | distribution-for-profit | x- | BL BD NS | DE-JGG-3: WO; DE-JGG-45: PD | cc minor |
DE | 2014-03-10 | 2014-06-02 | 18 20 | possession distribution | x- | PD BL BD NS | DE-JGG-105: WO | |
DE | 2014-03-10 | 2014-06-02 | 18..20 | possession | x- | PD BL BD NS | DE-JGG-105: WO | |
DE | 2014-03-10 | 2014-06-02 | 1993-03-11 | possession | x- | PD BL BD NS | DE-JGG-105: WO | |
DE | 2014-03-10 | 2014-06-02 | 1993-03-10 | possession | x- | BL BD NS | DE-ADULT: WO PD | |
DE | 2014-03-10 | 2014-06-02 | 19 | possession | x? | BL BD NS | DE-JGG-105: WO | | exploitation
DE | 2014-03-10 | 2014-06-02 | 19 | possession | x+ | BL BD NS | DE-JGG-105: WO; DE-JGG-109: PD | |
DE | 2014-03-10 | 2014-06-02 | 19 | distribution-for-profit | x- | BL BD NS | DE-JGG-105: WO; DE-JGG-45: PD | |
DE | 2022-03-10 | 2022-06-02 | 19 | possession | x- | BL BD NS | DE-JGG-105: WO; DE-JGG-109: PD | |
DE | 2024-07-10 | 2024-10-01 | 19 | possession production | x- | PD BL BD NS | DE-JGG-105: WO | |
DE | 2022-03-10 | 2024-08-01 | 17 | possession | x- | PD BL BD NS | DE-JGG-3: WO | cc |
DE | 2014-03-10 | 2014-06-02 | 21 50 | possession distribution | | BL BD NS | DE-ADULT: WO PD | |
DE | 2014-03-10 | 2014-06-02 | 16 | viewing | x- | NS | DE-JGG-3: WO; DE-STGB-1: PD BL BD | minor |
DE | 2022-03-10 | 2022-06-02 | 16 | possession distribution production | x- | BL BD NS | DE-JGG-3: WO; DE-JGG-45: PD | cc minor |
DE | 2024-07-10 | 2024-10-01 | 16 | possession distribution production | x- | PD BL BD NS | DE-JGG-3: WO | cc minor |
# the mildest law since the act, also one in between
DE | 2022-03-10 | 2024-08-01 | 16 | possession distribution production | x- | PD BL BD NS | DE-JGG-3: WO | cc |
DE | 2022-03-10 | 2024-06-27 | 16 | possession | x- | BL BD NS | DE-JGG-3: WO; DE-JGG-45: PD | cc |
DE | 2022-03-10 | 2024-06-28 | 16 | possession | x- | PD BL BD NS | DE-JGG-3: WO | cc |
DE | 2021-06-30 | 2022-06-02 | 16 | possession | x- | PD BL BD NS | DE-JGG-3: WO | cc minor |
DE | 2021-07-01 | 2022-06-02 | 16 | possession | x- | BL BD NS | DE-JGG-3: WO; DE-JGG-45: PD | cc minor |
DE | 2014-03-10 | 2014-06-02 | 13..14 | possession | x- | NS | AGE-UNRESOLVED: PD BL BD; DE-JGG-3: WO | ra minor | age-at-act
DE | 2014-03-10 | 2014-06-02 | 17..18 | possession | x- | NS | AGE-UNRESOLVED: PD BL BD; DE-JGG-3: WO | ra | age-at-act
DE | 2014-03-10 | 2014-06-02 | ? | possession | x- | NS | AGE-UNRESOLVED: PD BL BD; DE-JGG-3: WO | ra | birth-date
# --- England and Wales ---
GB-EW | 2014-03-10 | 2014-06-02 | 9 | possession | | WO NS | EW-CYPA-50: BL BD | cs minor |
GB-EW | 2014-03-10 | 2014-06-02 | 10 15 17 | possession distribution | s+ x- | BL BD NS | EW-YOUTH: WO | minor rm |
GB-EW | 2014-03-10 | 2014-06-02 | 18 40 | possession distribution | | BL BD NS | EW-ADULT: WO | |
GB-EW | 2016-03-10 | 2016-06-02 | 9 | possession distribution | s+ x- | WO NS | EW-CYPA-50: PI DP BL BD | cs minor rm |
GB-EW | 2016-03-10 | 2016-06-02 | 10 13 17 | possession distribution production | s+ x- | PI DP BL BD NS | EW-YOUTH: WO | minor rm |
GB-EW | 2016-03-10 | 2016-06-02 | 15 | distribution | s+ x? | BL BD NS | EW-YOUTH: WO | minor rm | exploitation
GB-EW | 2016-03-10 | 2016-06-02 | 15 | distribution | s+ x+ | BL BD NS | EW-YOUTH: WO; EW-OUTCOME-21: PI; EW-OUTCOME-22: DP | minor rm |
GB-EW | 2016-03-10 | 2016-06-02 | 15 | distribution possession | s+ made | BL BD NS | EW-YOUTH: WO | minor rm |
GB-EW | 2016-03-10 | 2016-06-02 | 15 | distribution | s- made | BL BD NS | EW-YOUTH: WO; EW-OUTCOME-21: PI | minor |
GB-EW | 2016-03-10 | 2016-06-02 | 15 | distribution | s- x- | DP BL BD NS | EW-YOUTH: WO; EW-OUTCOME-21: PI | minor |
GB-EW | 2016-03-10 | 2016-06-02 | 15 | distribution | s? x- | DP BL BD NS | EW-YOUTH: WO | minor | self-produced
GB-EW | 2016-03-10 | 2016-06-02 | 15 | distribution-for-profit advertising | s+ x- | BL BD NS | EW-YOUTH: WO; EW-OUTCOME-21: PI DP | minor rm |
GB-EW | 2016-03-10 | 2016-06-02 | 18 40 | possession | x- | BL BD NS | EW-ADULT: WO PI; EW-OUTCOME-22: DP | |
GB-EW | 2016-03-10 | 2016-06-02 | 30 | purchase | | NS | EW-ADULT: WO PI; EW-LAW-OF-ACT: DP BL BD | |
GB-EW | 2015-03-10 | 2016-06-02 | 14 | possession | s+ x- | PI DP BL BD NS | EW-YOUTH: WO | minor rm |
GB-EW | 2015-10-10 | 2015-12-31 | 14 | possession | s+ x- | BL BD NS | EW-YOUTH: WO | minor rm |
GB-EW | 2016-03-10 | 2016-06-02 | 9..10 | possession | s+ x- | NS | AGE-UNRESOLVED: BL BD; EW-CYPA-50: PI DP; EW-YOUTH: WO | ra minor rm | age-at-act
GB-EW | 2016-03-10 | 2016-06-02 | 17..18 | possession | x- | NS | AGE-UNRESOLVED: BL BD; EW-YOUTH: WO; EW-ADULT: PI | ra | age-at-act
# --- United States, federal ---
US | 2014-03-10 | 2014-06-02 | 8 14 17 | possession distribution | | SH FC NS | US-5031: BL BD | ce minor |
US | 2014-03-10 | 2014-06-02 | 18 40 | possession distribution production | | BL BD NS | US-ADULT: SH FC | |
US | 2014-03-10 | 2016-06-02 | 17 | possession | | SH FC NS | US-5031: BL BD | ce |
US | 2014-03-10 | 2019-06-02 | 17 | possession | | BL BD NS | US-ADULT: SH FC | |
US | 2014-03-10 | 2017-11-29 | 1996-11-30 | possession | | SH FC NS | US-5031: BL BD | ce |
US | 2014-03-10 | 2017-11-30 | 1996-11-30 | possession | | BL BD NS | US-ADULT: SH FC | |
US | 2014-03-10 | 2014-06-02 | 15 | purchase | | SH NS | US-5031: BL BD; US-EX-POST-FACTO: FC | minor |
US | 2014-03-10 | 2014-06-02 | 30 | purchase | | NS | US-ADULT: SH FC; US-EX-POST-FACTO: BL BD | |
US | 2014-03-10 | 2019-06-02 | 16..18 | possession | | BL BD NS | US-ADULT: SH FC | |
US | 2014-03-10 | 2014-06-02 | 16..18 | possession | | NS | AGE-UNRESOLVED: FC BL BD; US-ADULT: SH | ra | age-at-act
US | 2014-03-10 | 2014-06-02 | ? | possession | | NS | AGE-UNRESOLVED: FC BL BD; US-ADULT: SH | ra | birth-date
US | 2014-03-10 | 2014-06-02 | 17 | ? | victim | | | minor rm |
"""
