"""The expected cell of every command. Written by hand; imports nothing of the product.

`public` marks what sets a node up or runs it: whoever may use the node's own folder and
key file may do that, and no actor is asked for.
"""

from tests.access.cells import read

COMMANDS = read("""
init                | node | public
up                  | node | public
demo                | node | public

staff add           | node | administrator
staff change        | node | administrator
staff list          | node | administrator auditor
units add           | node | administrator
tokens add          | node | analyst liaison investigator
tokens list         | node | administrator analyst liaison investigator auditor
tokens end          | node | administrator analyst liaison investigator
desks add           | node | administrator
desks turn          | node | administrator
desks withdraw      | node | administrator
desks list          | node | everyone
units list          | node | everyone
clock set           | node | administrator
audit list          | node | administrator auditor
audit verify        | node | administrator auditor
erasure run         | node | administrator
box check           | node | public          # tries the machine, reads nothing of the node's data

agreements add      | node | administrator
agreements compare  | node | everyone
agreements check    | node | public          # explains a file, opens no node
agreements list     | node | everyone
agreements show     | node | everyone
agreements sign     | node | administrator
agreements withdraw | node | administrator
agreements suspend  | node | administrator
agreements resume   | node | administrator
agreements exchanged | node | analyst liaison auditor
agreements template | node | public          # prints a text that is shipped
lists add           | node | analyst examiner
lists import        | node | analyst examiner
lists activate      | node | analyst examiner
lists list          | node | analyst investigator examiner auditor
lists show          | node | analyst investigator examiner auditor
lists diff          | node | analyst investigator examiner auditor
hash                | node | public          # reads files that whoever types it can read
match               | node | analyst examiner
lists pull          | node | analyst examiner
lists vote          | node | analyst examiner
lists push-votes    | node | analyst examiner
lists export        | node | analyst examiner
lists verify        | node | analyst investigator examiner auditor
lists rebuild       | node | analyst examiner
hashes members      | node | provider-manager administrator analyst auditor
hashes disputed     | node | provider-manager administrator analyst auditor
hashes enrol        | node | provider-manager administrator
hashes end          | node | provider-manager administrator
hashes publish      | node | analyst
hashes retract      | node | analyst

providers add       | node | provider-manager administrator
providers list      | node | provider-manager administrator
providers revoke    | node | provider-manager administrator
filings send        | node | analyst
filings draft       | node | analyst
filings decide      | rows | analyst
filings attach      | rows | analyst
filings viewed      | rows | analyst
filings list        | list | analyst auditor
filings show        | rows | analyst auditor
filings receipts    | rows | analyst auditor
filings feedback    | node | analyst auditor
filings retry       | rows | analyst
filings resolve     | rows | analyst
filings purge       | rows | administrator
filings scan        | node | analyst
scanners add        | node | administrator
scanners list       | node | analyst administrator auditor
scanners end        | node | administrator
scanners settle     | node | analyst administrator
providers show      | node | provider-manager administrator
providers contact   | node | provider-manager administrator
providers forget-contact | node | provider-manager administrator
providers limit     | node | provider-manager administrator
providers hold-to   | node | provider-manager administrator
providers guessing  | node | provider-manager administrator
providers guessing-seen | node | provider-manager administrator
providers loose-ends | list | provider-manager administrator
quality list        | node | provider-manager administrator analyst auditor
quality show        | list | provider-manager administrator analyst auditor
receipts verify     | node | public          # reads files that were handed to whoever checks them
tips list           | list | analyst
tips pending        | list | analyst
tips show           | rows | analyst
tips assign         | rows | analyst
tips purge          | rows | administrator
leads list          | list | analyst liaison
leads show          | rows | analyst liaison
leads add           | node | liaison
leads close         | rows | analyst liaison

peers card          | node | everyone
peers add           | node | administrator
peers countersign   | node | administrator
peers rotate        | node | administrator
peers follow        | node | administrator
peers revoke        | node | administrator
peers keys          | node | everyone
peers list          | node | everyone
packages list       | shared | analyst liaison investigator auditor
packages resend     | shared | analyst liaison investigator
packages export     | shared | analyst liaison investigator
packages import     | shared | analyst liaison investigator
packages parked     | shared | analyst liaison investigator auditor
packages retake     | shared | analyst liaison investigator

notices list        | list | analyst auditor
notices answer      | rows | analyst
referrals list      | list | analyst liaison investigator
referrals show      | rows | analyst liaison investigator
referrals draft     | rows | analyst liaison
referrals decide    | rows | analyst liaison
referrals drop      | rows | analyst liaison
referrals approve   | rows | analyst liaison
referrals release   | rows | analyst liaison
referrals stage     | rows | liaison investigator
referrals recall    | rows | analyst liaison
referrals correct   | rows | analyst liaison
referrals withdrawn | list | analyst liaison investigator
referrals emergency | rows | analyst liaison
referrals emergency-taken-back | rows | analyst liaison
referrals emergency-review | rows | analyst liaison
referrals review           | rows | liaison investigator
referrals emergencies | list | analyst liaison
referrals kept | list | analyst liaison investigator
decisions replay    | list | analyst liaison auditor
decisions show      | rows | analyst liaison auditor
referrals feedback  | rows | liaison investigator
referrals assign    | rows | analyst liaison investigator
consents list       | list | analyst liaison investigator
consents ask        | rows | analyst liaison investigator
consents answer     | rows | analyst liaison investigator
requests list       | list | analyst liaison investigator
requests open       | rows | analyst liaison
requests answer     | rows | liaison investigator
requests narrow     | rows | analyst liaison
requests withdraw   | rows | liaison investigator

cases list          | list | investigator
cases show          | rows | investigator
cases feedback      | rows | investigator
cases assign        | rows | investigator
cases restrict      | rows | investigator
cases add-document  | rows | investigator
cases diary         | rows | investigator
cases strike        | rows | investigator
cases restore       | rows | investigator
cases move-entry    | rows | investigator
cases return-entry  | rows | investigator
cases strike-person | rows | investigator
cases detach        | rows | investigator
cases reattach      | rows | investigator
cases restore-person | rows | investigator
cases same-person   | rows | investigator
cases separate-acts | rows | investigator
cases same-human    | rows | investigator
cases part-human    | rows | investigator
cases tasks         | list | investigator
cases task-day      | rows | investigator
cases assign-task   | rows | investigator
cases open-document | rows | investigator
cases add-person    | rows | investigator
cases record-person | rows | investigator
cases state-exploitation | rows | investigator
cases referral-said | rows | investigator
cases add-number    | rows | investigator
cases take-back-number | rows | investigator
cases withdraw-facts | rows | investigator
cases known-before | rows | investigator
cases add-identifier | rows | investigator
cases take-back-identifier | rows | investigator
cases search        | rows | investigator
cases searches      | rows | investigator
cases join          | rows | investigator
cases split         | rows | investigator
cases wrong-person  | rows | investigator
cases right-person  | rows | investigator
cases corrections   | rows | investigator
cases add-receiver  | rows | investigator
cases told          | rows | investigator
cases access        | rows | investigator
cases lift          | rows | investigator
cases admit         | rows | investigator
cases dismiss       | rows | investigator
cases open-child    | rows | investigator
cases child         | rows | investigator
cases record-child  | rows | investigator
cases admit-to-child | rows | investigator
cases dismiss-from-child | rows | investigator
cases feed          | rows | investigator
cases take          | rows | investigator
cases unfit         | list | investigator
cases ask-others    | rows | investigator
cases note          | rows | investigator
cases task          | rows | investigator
cases finish-task   | rows | investigator
cases add-favour    | rows | investigator
cases defence-asked | rows | investigator
cases defence-answered| rows | investigator
cases begin         | rows | investigator   # of the case that it came out of
cases undo          | rows | investigator
cases link          | rows | investigator
cases unlink        | rows | investigator
demands list        | rows | investigator
demands draft       | rows | investigator
demands send        | rows | investigator
demands answer      | rows | investigator
demands refuse      | rows | investigator
demands drop        | rows | investigator
demands withdraw-fact | rows | investigator
demands reopen      | rows | investigator
demands correct-day | rows | investigator
deconfliction ask   | rows | investigator
deconfliction list  | rows | investigator
deconfliction asked | node | investigator auditor
handovers offer     | rows | investigator
handovers withdraw  | rows | investigator
handovers list      | list | investigator
handovers left-lists | shared | investigator liaison  # of the unit that is asked: numbers, no more
handovers take-list | shared | investigator liaison   # as above
handovers accept    | shared | investigator   # by the unit that a case is offered to
handovers refuse    | shared | investigator   # as above
outcomes advise     | rows | investigator
outcomes decide     | rows | investigator
outcomes step       | rows | investigator
outcomes take-back  | rows | investigator
outcomes custody    | rows | investigator
outcomes appeal     | rows | investigator
outcomes answer-appeal | rows | investigator
outcomes duty-done  | rows | investigator
outcomes differences | list | investigator
outcomes compare    | node | investigator    # counts of what the actor sees; shows no row
outcomes show       | rows | investigator
welfare list        | list | investigator
welfare show        | rows | investigator
welfare review      | rows | investigator
welfare record      | rows | investigator
welfare talk        | rows | investigator
welfare plan        | rows | investigator
welfare done        | rows | investigator
welfare take-back-talk | rows | investigator
welfare drop        | rows | investigator
welfare access      | rows | investigator
welfare step        | rows | investigator
welfare close       | rows | investigator
retention plan      | list | investigator
retention hold      | rows | investigator
retention lift      | rows | investigator
removals list       | rows | investigator examiner
removals record     | rows | investigator
removals take-back  | rows | investigator
removals up         | list | investigator
removals add        | rows | investigator
removals notice     | rows | investigator
removals carried    | rows | investigator
removals correct-day | rows | investigator
removals correct    | rows | investigator
removals retry      | rows | investigator
removals reply      | rows | investigator
removals check      | rows | investigator
removals looked     | rows | investigator
removals import-replies | rows | investigator
removals authority  | rows | investigator
removals end-authority | rows | investigator
removals compare    | rows | investigator
removals name-item  | rows | investigator examiner
hosts texts         | node | investigator administrator
hosts text          | node | investigator administrator
hosts drop-text     | node | investigator administrator
removals classify   | rows | investigator examiner
removals offer      | rows | examiner
hosts list          | node | investigator administrator
hosts measure       | list | investigator
hosts write         | node | investigator administrator
hosts checks        | node | administrator

exhibits add        | rows | investigator examiner
exhibits hand-over  | rows | investigator examiner
exhibits receive    | rows | investigator examiner
exhibits return     | rows | investigator examiner
exhibits seal       | rows | investigator examiner
exhibits destroy    | rows | investigator examiner
exhibits photographs | rows | investigator examiner
exhibits progress   | rows | investigator examiner
exhibits acquire    | rows | examiner
exhibits examine    | rows | examiner
exhibits record-image | rows | examiner
exhibits give-up    | rows | examiner
exhibits report     | rows | investigator examiner
exhibits label      | rows | investigator examiner
exhibits media      | rows | examiner
exhibits categorise | rows | examiner
exhibits show       | rows | investigator examiner
exhibits list       | list | investigator examiner

disclosures propose | rows | investigator examiner
disclosures show    | rows | investigator examiner
disclosures preview | rows | investigator examiner
disclosures approve | rows | investigator examiner
disclosures write   | rows | investigator examiner
disclosures list    | list | investigator examiner
disclosures check   | node | public          # a folder that anybody has; reads no case

law check           | node | public          # law is data of the program, nobody's
law explain         | node | public          # of facts that are typed; reads no case
law diff            | node | public

bulletin show       | shared | press investigator examiner analyst liaison auditor
bulletin publish    | node | press investigator
bulletin publications | node | press investigator examiner analyst liaison auditor
bulletin publication | node | press investigator examiner analyst liaison auditor
""")
