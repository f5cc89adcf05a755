"""The CyberTipline document: schema, types, parse and write."""
