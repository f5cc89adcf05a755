"""Advice on limitation and on the young who are at risk, written by hand as the table is.

A line is: day of the act | day of the decision | who | offences | facts | permitted, in order |
forbidden among LR and AR, by rule | limitation | duties that keep the matter open. All of it is
of Korea. Facts as in the table; `risk` likely to offend, `child:` when the depicted child was born. Limitation: `runs`, `over`, `open` (not
known), `never` or `-`, then the first day on which nobody may be charged, or the first and last
that may be it; `?` not known. The day of the act counts as the first: five years from 10 March
2014 are over on 10 March 2019.
"""

CLOSING = """
# --- five, seven, ten and fifteen years by the heaviest sentence; it runs from the child's majority, unknown here ---
2014-03-10 | 2014-06-02 | 30 | possession | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2019-03-10 ? |
2014-03-10 | 2014-06-02 | 30 | distribution | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2021-03-10 ? |
2014-03-10 | 2014-06-02 | 30 | distribution-for-profit procurement | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2024-03-10 ? |
2014-03-10 | 2014-06-02 | 30 | production attempted-production | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2029-03-10 ? |
2014-03-10 | 2019-03-09 | 30 | possession | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2019-03-10 ? |
2014-03-10 | 2019-03-10 | 30 | possession | | BL BD NS | KR-JA-4-3: AR | open 2019-03-10 ? |
2014-03-10 | 2026-06-02 | 30 | possession | | BL BD NS | KR-JA-4-3: AR | open 2019-03-10 ? |
2014-03-10 | 2026-06-02 | 30 | distribution | | BL BD NS | KR-JA-4-3: AR | open 2021-03-10 ? |
2012-03-10 | 2012-06-02 | 30 | production | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2022-03-10 ? |
2021-05-01 | 2026-06-02 | 30 | possession viewing | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2031-05-01 ? |
# a lighter later text brings its own; an older lighter one keeps it
2020-06-01 | 2021-03-01 | 16 | possession | H | GU ST BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2025-06-01 ? |
# 29 February: five years end with the last of February
2020-02-29 | 2021-03-01 | 1985-01-01 | possession | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2025-03-01 ? |
# --- made of oneself: the child is the person, so the day is known; from the 19th birthday on ---
2014-03-10 | 2014-06-02 | 1998-05-01 | possession | H s+ | GU ST BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2022-05-01 |
2014-03-10 | 2022-04-30 | 1998-05-01 | possession | H s+ | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2022-05-01 |
2014-03-10 | 2022-05-01 | 1998-05-01 | possession | H s+ | LR NS | KR-JA-4-3: AR | over 2022-05-01 |
2014-03-10 | 2024-04-30 | 1998-05-01 | distribution | H s+ | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2024-05-01 |
2014-03-10 | 2024-05-01 | 1998-05-01 | distribution | H s+ | LR NS | KR-JA-4-3: AR | over 2024-05-01 |
2014-03-10 | 2022-03-01 | 1998-02-01..1998-05-01 | possession | H s+ | BL BD NS | KR-JA-4-3: AR | open 2022-02-01 2022-05-01 |
2014-03-10 | 2026-06-02 | 1998-02-01..1998-05-01 | possession | H s+ | LR NS | KR-JA-4-3: AR | over 2022-02-01 2022-05-01 |
# what a grown person does with a picture of their childhood: from the act on, which is later
2014-03-10 | 2014-06-02 | 1994-08-01 | possession | s+ pic:2012-06-01 | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2019-03-10 |
2014-03-10 | 2019-03-09 | 1994-08-01 | possession | s+ pic:2012-06-01 | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2019-03-10 |
2014-03-10 | 2019-03-10 | 1994-08-01 | possession | s+ pic:2012-06-01 | LR NS | KR-JA-4-3: AR | over 2019-03-10 |
# of age before 1 July 2013, when that began at 20: the day is not worked out
2013-06-20 | 2026-06-02 | 1994-06-25 | possession | H s+ pic:2012-06-01 | BL BD NS | KR-JA-4-3: AR | open 2018-06-25 ? |
2013-06-20 | 2026-06-02 | 1994-07-01 | possession | H s+ pic:2012-06-01 | LR NS | KR-JA-4-3: AR | over 2018-07-01 |
# who can't be punished is not closed by it: ages come first
2014-03-10 | 2030-06-02 | 2002-05-01 | possession | M s+ | WO NS | KR-JA-4-3: AR | over 2026-05-01 |
# --- of another: from the 19th birthday of the child that is shown, first to last where several days are possible ---
2014-03-10 | 2014-06-02 | 30 | possession | child:2005-03-11 | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2029-03-11 |
2014-03-10 | 2029-03-10 | 30 | possession | child:2005-03-11 | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2029-03-11 |
2014-03-10 | 2029-03-11 | 30 | possession | child:2005-03-11 | LR NS | KR-JA-4-3: AR | over 2029-03-11 |
2014-03-10 | 2029-06-02 | 30 | possession | child:2004-02-29..2006-02-28 | BL BD NS | KR-JA-4-3: AR | open 2028-03-01 2030-02-28 |
2014-03-10 | 2029-06-02 | 30 | distribution | child:2004-02-29..2006-02-28 | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2030-03-01 2032-02-28 |
2014-03-10 | 2014-06-02 | 16 | possession | H child:2005-03-11 | GU ST BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2029-03-11 |
# a child of 2001 is of age on the act's day or before: the act counts, which is later
2021-05-01 | 2026-06-02 | 30 | possession viewing | child:2001-01-01 | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2031-05-01 |
# whoever made it of themselves is that child, whatever is said of others
2014-03-10 | 2022-05-01 | 1998-05-01 | possession | H s+ child:2005-03-11 | LR NS | KR-JA-4-3: AR | over 2022-05-01 |
# --- production since 9 June 2021: none for what could still be charged then ---
2014-03-10 | 2021-06-08 | 30 | production | | BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2029-03-10 ? |
2014-03-10 | 2021-06-09 | 30 | production | | BL BD NS | KR-YPA-20-4: LR; KR-JA-4-3: AR | never |
2014-03-10 | 2021-06-09 | 30 | production | child:2005-03-11 | BL BD NS | KR-YPA-20-4: LR; KR-JA-4-3: AR | never |
2014-03-10 | 2045-06-02 | 30 | production | | BL BD NS | KR-YPA-20-4: LR; KR-JA-4-3: AR | never |
2014-03-10 | 2045-06-02 | 1998-05-01 | habitual-production | H s+ | LR NS | KR-JA-4-3: AR | over 2032-05-01 |
# --- nothing to count from ---
? | 2021-03-01 | 2013-05-05 | viewing | E | WO NS | KR-JA-4-3: AR | - |
? | 2021-03-01 | 2013-05-05 | attempted-production | E | WO NS | KR-JA-4-3: AR | - |
2014-03-10 | 2014-06-02 | 30 | ? | | NS | KR-JA-4-3: AR | - |
2014-03-10 | 2014-06-02 | 30 | viewing | | NS | KR-NO-OFFENCE: LR; KR-JA-4-3: AR | - |
# --- at risk: 10 to 18 at the decision, no offence, and staff say so ---
2014-03-10 | 2014-06-02 | 9 | viewing | E risk | WO NS | KR-NO-OFFENCE: LR; KR-JA-4-3: AR | - |
2014-03-10 | 2014-06-02 | 10 12 13 15 18 | viewing | M risk | AR NS | KR-NO-OFFENCE: LR | - | jt
2014-03-10 | 2014-06-02 | 12 15 18 | viewing | M | NS | KR-NO-OFFENCE: LR; KR-JA-4-3: AR | - |
2014-03-10 | 2014-06-02 | 12 | ? | M risk | AR JD NS | | - | jt
2014-03-10 | 2014-06-02 | 16 | ? | H risk | AR NS | | - | jt
2014-03-10 | 2014-06-02 | 30 | ? | risk | NS | KR-JA-4-3: AR | - |
2014-03-10 | 2014-06-02 | 12 | possession | M risk | JD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2019-03-10 ? | jt
2014-03-10 | 2014-06-02 | 16 | possession | H risk | GU ST BL BD NS | KR-YPA-20-1: LR; KR-JA-4-3: AR | runs 2019-03-10 ? |
# what may be an offence leads on as what it may be: at 18 the own picture may show a child or not
2014-03-10 | 2014-06-02 | 1995-08-05 | possession | H s+ risk | NS | KR-JA-4-3: AR | - | ra
# the age is that of the decision, to the day
2014-03-10 | 2014-06-02 | 2004-06-02 | viewing | E risk | AR WO NS | KR-NO-OFFENCE: LR | - | jt
2014-03-10 | 2014-06-02 | 2004-06-03 | viewing | E risk | WO NS | KR-NO-OFFENCE: LR; KR-JA-4-3: AR | - |
2014-03-10 | 2014-06-02 | 1995-06-03 | viewing | H risk | AR NS | KR-NO-OFFENCE: LR | - | jt
2014-03-10 | 2014-06-02 | 1995-06-02 | viewing | H risk | NS | KR-NO-OFFENCE: LR; KR-JA-4-3: AR | - |
2014-03-10 | 2014-06-02 | 8..11 | viewing | E risk | NS | KR-NO-OFFENCE: LR; AGE-UNRESOLVED: AR | - | ra
2014-03-10 | 2014-06-02 | ? | viewing | M risk | NS | KR-NO-OFFENCE: LR; AGE-UNRESOLVED: AR | - | ra
"""
