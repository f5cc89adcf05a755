"""The expected cell of every action. Written by hand; imports nothing of the product."""

from tests.access.cells import read

ACTIONS = read("""
# the desk
office.actions.add_staff                    | node | administrator
office.actions.change_staff                 | node | administrator
office.actions.list_staff                   | node | administrator auditor
office.actions.add_unit                     | node | administrator
office.actions.list_units                   | node | everyone
office.actions.sign_in                      | node | system
office.actions.count_sign_in_failure        | node | system
office.actions.sign_out                     | node | everyone
office.actions.set_clock                    | node | administrator
office.actions.read_audit                   | node | administrator auditor
office.actions.verify_audit                 | node | administrator auditor

# what we know before any tip
knowledge.agreements.actions.add_agreement  | node | administrator
knowledge.agreements.actions.list_agreements | node | everyone
knowledge.agreements.actions.read_agreement | node | everyone
knowledge.hashes.actions.add_list           | node | analyst examiner
knowledge.hashes.actions.import_list        | node | analyst examiner
knowledge.hashes.actions.list_lists         | node | analyst investigator examiner auditor

# intake: providers see their own reports only
tips.intake.actions.add_provider            | node | provider-manager administrator
tips.intake.actions.revoke_provider         | node | provider-manager administrator
tips.intake.actions.list_providers          | node | provider-manager administrator
tips.intake.actions.check_status            | node | provider
tips.intake.actions.submit                  | node | provider
tips.intake.actions.upload                  | rows | provider
tips.intake.actions.file_info               | rows | provider
tips.intake.actions.finish                  | rows | provider
tips.intake.actions.retract                 | rows | provider
tips.intake.actions.expire_reports          | node | system
tips.intake.actions.erase_ended             | node | system
tips.intake.actions.purge                   | rows | administrator system
tips.intake.actions.record_feedback         | rows | analyst system

# enrichment and triage
tips.enrichment.actions.enrich_tip          | rows | system
tips.enrichment.actions.forget_tip          | rows | system
tips.triage.actions.triage_tip              | rows | system
tips.triage.actions.list_tips               | list | analyst
tips.triage.actions.read_tip                | rows | analyst
tips.triage.actions.assign_tip              | rows | analyst
tips.triage.actions.list_leads              | list | analyst liaison
tips.triage.actions.read_lead               | rows | analyst liaison
tips.triage.actions.add_lead                | node | liaison
tips.triage.actions.close_lead              | rows | analyst liaison

# between organisations
sharing.exchange.actions.show_card          | node | everyone system
sharing.exchange.actions.add_peer           | node | administrator
sharing.exchange.actions.list_peers         | node | everyone
sharing.exchange.actions.list_packages      | list | analyst liaison investigator auditor
sharing.exchange.actions.receive_package    | node | system
sharing.exchange.actions.send_package       | node | system
sharing.exchange.actions.resend_package     | rows | analyst liaison investigator
sharing.exchange.actions.resend_due         | node | system
""")
