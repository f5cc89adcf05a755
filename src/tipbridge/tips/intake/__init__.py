"""The CyberTipline-compatible interface, its lifecycle and its receipts."""
