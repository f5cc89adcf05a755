"""The provider's side: file a report and keep the receipt."""
