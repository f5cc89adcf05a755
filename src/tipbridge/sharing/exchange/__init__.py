"""Sealed packages: seal, open, outbox, inbox, peers, receipts."""
