"""The expected cell of every route. Written by hand; imports nothing of the product.

`provider` routes ask for a provider's credentials: no session of staff opens them. `public`
routes ask for nobody: either they show nothing of anybody, or (packages) only what is
inside signed bytes decides.
"""

from tests.access.cells import read

ROUTES = read("""
GET /static                                 | node | public
GET /language/{code}                        | node | public
GET /sign-in                                | node | public
POST /sign-in                               | node | public
POST /sign-out                              | node | public
GET /exchange/v1/card                       | node | public
POST /exchange/v1/convoys                   | node | public
POST /exchange/v1/packages                  | node | public
POST /exchange/v1/waiting                   | node | public

GET /                                       | node | everyone
GET /staff                                  | node | administrator auditor
POST /staff                                 | node | administrator
GET /staff/{username}                       | node | administrator auditor
POST /staff/{username}                      | node | administrator
GET /units                                  | node | everyone
POST /units                                 | node | administrator
GET /approvals                              | node | analyst liaison investigator examiner auditor administrator
GET /desks                                  | node | everyone
POST /desks                                 | node | administrator
POST /desks/turns                           | node | administrator
POST /desks/turns/{turn_id}/withdrawal      | node | administrator
GET /audit                                  | node | administrator auditor
POST /audit/verification                    | node | administrator auditor

GET /ispws/status                           | node | provider
GET /ispws/xsd                              | node | provider
POST /ispws/submit                          | node | provider
POST /ispws/upload                          | rows | provider
POST /ispws/fileinfo                        | rows | provider
POST /ispws/finish                          | rows | provider
POST /ispws/retract                         | rows | provider
GET /ispws/reports/{report_id}/receipt      | rows | provider
GET /ispws/quality                          | node | provider
GET /ispws/loose-ends                       | node | provider
GET /hashsharing/v2/status                  | node | provider
GET /hashsharing/v2/members                 | node | provider
GET /hashsharing/v2/categorizations         | node | provider
GET /hashsharing/v2/feedback/{type}/reasons | node | provider
GET /hashsharing/v2/entries                 | node | provider
POST /hashsharing/v2/entries                | node | provider
GET /hashsharing/v2/entries/{member_id}/{entry_id}/fingerprints/{type} | rows | provider
PUT /hashsharing/v2/entries/{member_id}/{entry_id}/{type}/feedback | rows | provider
POST /api/v1/match                          | node | provider analyst examiner
GET /api/v1/openapi.json                    | node | public
GET /api/v1/referrals                       | list | analyst liaison investigator
GET /api/v1/referrals/{received_id}         | rows | analyst liaison investigator
POST /api/v1/referrals/{received_id}/taken  | rows | analyst liaison investigator
POST /api/v1/referrals/{received_id}/stage  | rows | liaison investigator
POST /api/v1/referrals/{received_id}/appraisal | rows | liaison investigator
GET /lists                                  | node | analyst investigator examiner auditor
GET /lists/list                             | node | analyst investigator examiner auditor
POST /lists/activation                      | node | analyst examiner
POST /lists/lines                           | node | analyst examiner
POST /lists/verification                    | node | analyst investigator examiner auditor
GET /alarms                                 | node | provider-manager analyst auditor
POST /alarms                                | node | provider-manager analyst
GET /hashes                                 | node | provider-manager administrator analyst auditor
POST /hashes                                | node | provider-manager administrator
POST /hashes/end                            | node | provider-manager administrator
GET /providers                              | node | provider-manager administrator
POST /providers                             | node | provider-manager administrator
POST /providers/revoke                      | node | provider-manager administrator
GET /providers/provider                     | node | provider-manager administrator
POST /providers/contacts                    | node | provider-manager administrator
POST /providers/contacts/removal            | node | provider-manager administrator
POST /providers/limits                      | node | provider-manager administrator
POST /providers/rules                       | node | provider-manager administrator
POST /providers/guessing                    | node | provider-manager administrator
GET /providers/loose-ends                   | list | provider-manager administrator
GET /quality                                | node | provider-manager administrator analyst auditor
GET /quality/provider                       | list | provider-manager administrator analyst auditor

POST /scan                                  | node | public   # a scanner's token decides, no session
GET /scans                                  | node | analyst administrator auditor
POST /scans/alarms/{alarm_id}               | node | analyst administrator
GET /filings                                | list | analyst auditor
GET /filings/{filing_id}                    | rows | analyst auditor
POST /filings/{filing_id}/decision          | rows | analyst
POST /filings/{filing_id}/facts             | rows | analyst
POST /filings/{filing_id}/files/{number}/viewed | rows | analyst
POST /filings/{filing_id}/retry             | rows | analyst
POST /filings/{filing_id}/resolution        | rows | analyst

GET /tips                                   | list | analyst
GET /tips/{report_id}                       | rows | analyst
POST /tips/{report_id}/unit                 | rows | analyst
GET /leads                                  | list | analyst liaison
POST /leads                                 | node | liaison
GET /leads/{lead_id}                        | rows | analyst liaison
POST /leads/{lead_id}/closing               | rows | analyst liaison

GET /exchange                               | shared | analyst liaison investigator auditor
POST /exchange/packages/{package_id}/resent | shared | analyst liaison investigator
POST /exchange/packages/{package_id}/retaken | shared | analyst liaison investigator
GET /notices                                | list | analyst auditor
POST /notices/{package_id}/answers          | rows | analyst
GET /referrals                              | list | analyst liaison investigator
POST /referrals                             | rows | analyst liaison
GET /referrals/{referral_id}                | rows | analyst liaison investigator
POST /referrals/{referral_id}/decision      | rows | analyst liaison
POST /referrals/{referral_id}/dropping      | rows | analyst liaison
POST /referrals/{referral_id}/release       | rows | analyst liaison
POST /referrals/{referral_id}/request       | rows | analyst liaison
POST /referrals/{referral_id}/feedback      | rows | liaison investigator
POST /referrals/{referral_id}/stage         | rows | liaison investigator
POST /referrals/{referral_id}/withdrawal    | rows | analyst liaison
POST /referrals/{referral_id}/unit          | rows | analyst liaison investigator
POST /referrals/{referral_id}/approval      | rows | analyst liaison
POST /referrals/{referral_id}/emergency     | rows | analyst liaison
POST /referrals/{referral_id}/emergency/taken-back | rows | analyst liaison
POST /referrals/{urgent_id}/emergency/review | rows | analyst liaison
POST /referrals/{kept_id}/keeping            | rows | liaison investigator
POST /referrals/{referral_id}/consent       | rows | analyst liaison investigator
GET /agreements                             | node | everyone
GET /agreements/compare                     | node | everyone
POST /agreements/compare                    | node | everyone
GET /agreements/{sha256}                    | node | everyone
POST /agreements/{sha256}/withdrawal        | node | administrator
GET /consents                               | list | analyst liaison investigator
GET /consents/{consent_id}                  | rows | analyst liaison investigator
POST /consents/{consent_id}/answer          | rows | analyst liaison investigator
GET /requests                               | list | analyst liaison investigator
GET /requests/{request_id}                  | rows | analyst liaison investigator
POST /requests/{request_id}/answer          | rows | liaison investigator
POST /requests/{request_id}/classes         | rows | analyst liaison
POST /requests/{request_id}/withdrawal      | rows | liaison investigator

GET /cases                                  | list | investigator
GET /cases/{case_id}                        | rows | investigator
POST /cases/{case_id}/feedback              | rows | investigator
POST /cases/{case_id}/unit                  | rows | investigator
POST /cases/{case_id}/members               | rows | investigator
POST /cases/{case_id}/members/lift          | rows | investigator
POST /cases/{case_id}/numbers/taking-back    | rows | investigator
POST /cases/{case_id}/numbers               | rows | investigator
POST /cases/{case_id}/people                | rows | investigator
GET /cases/{case_id}/people/{person_id}     | rows | investigator
POST /cases/{case_id}/people/{person_id}    | rows | investigator
POST /cases/{case_id}/people/{person_id}/exploitation | rows | investigator
POST /cases/{case_id}/people/{person_id}/withdrawal | rows | investigator
POST /cases/{case_id}/people/{person_id}/identifiers | rows | investigator
POST /cases/{case_id}/people/{person_id}/identifiers/taking-back | rows | investigator
POST /cases/{case_id}/people/{person_id}/outcome | rows | investigator
GET /cases/{case_id}/outcomes               | rows | investigator
POST /cases/{case_id}/people/{person_id}/stages | rows | investigator
POST /cases/{case_id}/people/{person_id}/stages/taken-back | rows | investigator
POST /cases/{case_id}/people/{person_id}/custody | rows | investigator
POST /cases/{case_id}/people/{person_id}/appeals | rows | investigator
POST /cases/{case_id}/appeals/{appeal_id}   | rows | investigator
GET /outcomes/differences                   | list | investigator
GET /outcomes/compared                      | node | investigator  # counts of what the actor sees; shows no row
POST /cases/{case_id}/duties/{duty_id}      | rows | investigator
GET /deconfliction                          | node | investigator auditor   # counts, of nobody
GET /cases/{case_id}/deconfliction          | rows | investigator
POST /cases/{case_id}/deconfliction         | rows | investigator
GET /left-lists                             | shared | investigator liaison  # of the unit that is asked: numbers, no more
POST /left-lists/{left_id}                  | shared | investigator liaison  # as above
GET /hand-overs                             | list | investigator
POST /hand-overs/{offer_id}/acceptance      | shared | investigator
POST /hand-overs/{offer_id}/refusal         | shared | investigator
GET /cases/{case_id}/access                 | rows | investigator
POST /cases/{case_id}/hand-overs            | rows | investigator
POST /cases/{case_id}/hand-overs/{offer_id}/withdrawal | rows | investigator
POST /cases/{case_id}/list                  | rows | investigator
POST /cases/{case_id}/list/dismissal        | rows | investigator
POST /cases/{case_id}/children              | rows | investigator
GET /cases/{case_id}/children/{file_id}     | rows | investigator
POST /cases/{case_id}/children/{file_id}    | rows | investigator
POST /cases/{case_id}/children/{file_id}/list | rows | investigator
POST /cases/{case_id}/children/{file_id}/list/dismissal | rows | investigator
POST /cases/{case_id}/askings               | rows | investigator
GET /search                                 | node | investigator
POST /search                                | rows | investigator
POST /cases                                 | rows | investigator  # of the case that it came out of
GET /cases/{case_id}/due-process            | rows | investigator
POST /cases/{case_id}/people/{person_id}/favours | rows | investigator
POST /cases/{case_id}/people/{person_id}/defence | rows | investigator
POST /cases/{case_id}/people/{person_id}/correction | rows | investigator
POST /cases/{case_id}/people/{person_id}/correction/taking-back | rows | investigator
POST /cases/{case_id}/people/{person_id}/receivers | rows | investigator
POST /cases/{case_id}/tellings/{telling_id} | rows | investigator
POST /cases/{case_id}/defence/{request_id}/answer | rows | investigator
GET /cases/{case_id}/diary                  | rows | investigator
POST /cases/{case_id}/documents             | rows | investigator
GET /cases/{case_id}/documents/{document_id} | rows | investigator
POST /cases/{case_id}/tasks                 | rows | investigator
POST /cases/{case_id}/notes                 | rows | investigator
GET /cases/{case_id}/demands                | rows | investigator
POST /cases/{case_id}/demands               | rows | investigator
GET /cases/{case_id}/demands/{demand_id}    | rows | investigator
POST /cases/{case_id}/demands/{demand_id}/sending | rows | investigator
POST /cases/{case_id}/demands/{demand_id}/answer | rows | investigator
POST /cases/{case_id}/demands/{demand_id}/refusal | rows | investigator
POST /cases/{case_id}/demands/{demand_id}/drop | rows | investigator
POST /cases/{case_id}/facts/{fact_id}       | rows | investigator
POST /cases/{case_id}/demands/{demand_id}/again | rows | investigator
POST /cases/{case_id}/demands/{demand_id}/day | rows | investigator
GET /cases/{case_id}/relations              | rows | investigator
GET /cases/{case_id}/referrals/{received_id} | rows | investigator
POST /cases/{case_id}/relations             | rows | investigator
POST /cases/{case_id}/relations/{relation_id}/undo | rows | investigator
POST /cases/{case_id}/split                 | rows | investigator
POST /cases/{case_id}/referrals             | rows | investigator
POST /waiting-referrals/{received_id}       | rows | investigator
POST /cases/{case_id}/links/{link_id}       | rows | investigator
POST /cases/{case_id}/links/{link_id}/undo  | rows | investigator
POST /cases/{case_id}/tasks/{task_id}       | rows | investigator
POST /cases/{case_id}/tasks/{task_id}/day   | rows | investigator
POST /cases/{case_id}/tasks/{task_id}/assignment | rows | investigator
POST /cases/{case_id}/entries/{entry_id}/strike | rows | investigator
POST /cases/{case_id}/entries/{entry_id}/restoring | rows | investigator
POST /cases/{case_id}/entries/{entry_id}/move | rows | investigator
POST /cases/{case_id}/moves/{move_id}       | rows | investigator
POST /cases/{case_id}/people/{person_id}/strike | rows | investigator
POST /cases/{case_id}/referrals/{received_id}/detaching | rows | investigator
POST /cases/{case_id}/detachments/{detachment_id}/undo | rows | investigator
POST /cases/{case_id}/people/{person_id}/restoring | rows | investigator
POST /cases/{case_id}/people/{person_id}/same | rows | investigator
POST /cases/{case_id}/people/{person_id}/separate | rows | investigator
POST /cases/{case_id}/people/{person_id}/human | rows | investigator
POST /cases/{case_id}/people/{person_id}/human/parting | rows | investigator
GET /tasks                                  | list | investigator
GET /cases/{case_id}/removals               | rows | investigator examiner
POST /cases/{case_id}/removals/{removal_id} | rows | investigator
POST /cases/{case_id}/removals              | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/mistakes | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/words | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/notices | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/replies | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/checks | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/looks | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/authorities | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/authorities/{authority_id}/end | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/comparisons | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/votes | rows | investigator examiner
POST /cases/{case_id}/notices/{notice_id}/carried | rows | investigator
POST /cases/{case_id}/notices/{notice_id}/day | rows | investigator
POST /cases/{case_id}/notices/{notice_id}/retry | rows | investigator
POST /cases/{case_id}/removals/{removal_id}/item | rows | investigator examiner
GET /hosts/texts                            | node | investigator administrator
POST /hosts/texts                           | node | investigator administrator
POST /hosts/texts/drop                      | node | investigator administrator
POST /cases/{case_id}/removals/{removal_id}/offers | rows | examiner
POST /removals/mails                        | rows | investigator
GET /removals                               | list | investigator
GET /retention                              | list | investigator
POST /retention/holds                       | rows | investigator
POST /retention/holds/lift                  | rows | investigator
GET /hosts                                  | node | investigator administrator
POST /hosts                                 | node | investigator administrator
POST /hosts/checks                          | node | administrator
POST /cases/{case_id}/people/{person_id}/welfare | rows | investigator
POST /cases/{case_id}/people/{person_id}/steps | rows | investigator
GET /welfare                                | list | investigator
GET /welfare/{welfare_id}                   | rows | investigator
POST /welfare/{welfare_id}                  | rows | investigator
POST /welfare/{welfare_id}/talks            | rows | investigator
POST /welfare/{welfare_id}/follow-ups       | rows | investigator
POST /welfare/{welfare_id}/follow-ups/{follow_id} | rows | investigator
POST /welfare/{welfare_id}/follow-ups/{follow_id}/dropping | rows | investigator
POST /welfare/{welfare_id}/talks/{talk_id}/taking-back | rows | investigator
POST /welfare/{welfare_id}/access           | rows | investigator
POST /welfare/{welfare_id}/close            | rows | investigator

GET /exhibits                               | list | investigator examiner
POST /exhibits                              | rows | investigator examiner
GET /exhibits/{exhibit_id}                  | rows | investigator examiner
GET /exhibits/{exhibit_id}/progress         | rows | investigator examiner
GET /exhibits/{exhibit_id}/custody          | rows | investigator examiner
GET /exhibits/{exhibit_id}/report           | rows | investigator examiner
GET /exhibits/{exhibit_id}/label            | rows | investigator examiner
POST /exhibits/{exhibit_id}/hand-over       | rows | investigator examiner
POST /exhibits/{exhibit_id}/receive         | rows | investigator examiner
POST /exhibits/{exhibit_id}/return          | rows | investigator examiner
POST /exhibits/{exhibit_id}/seal            | rows | investigator examiner
POST /exhibits/{exhibit_id}/give-up         | rows | examiner
POST /exhibits/{exhibit_id}/destroy         | rows | investigator examiner
GET /exhibits/{exhibit_id}/media            | rows | examiner
POST /exhibits/{exhibit_id}/categories      | rows | examiner
POST /exhibits/{exhibit_id}/photographs     | rows | investigator examiner
GET /disclosures                            | list | investigator examiner
POST /disclosures                           | rows | investigator examiner
GET /disclosures/{disclosure_id}            | rows | investigator examiner
POST /disclosures/{disclosure_id}/approve   | rows | investigator examiner
POST /disclosures/{disclosure_id}/preview   | rows | investigator examiner
POST /disclosures/{disclosure_id}/write     | rows | investigator examiner

GET /bulletin                               | shared | press investigator examiner analyst liaison auditor
GET /bulletin.json                          | shared | press investigator examiner analyst liaison auditor
GET /bulletin/publications                  | node | press investigator examiner analyst liaison auditor
POST /bulletin/publications                 | node | press investigator
GET /bulletin/publications/{publication_id} | node | press investigator examiner analyst liaison auditor
GET /bulletin/publications/{publication_id}/figures | node | press investigator examiner analyst liaison auditor
""")
