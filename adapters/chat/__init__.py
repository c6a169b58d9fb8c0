"""What the adapters of all chat platforms share: how a conversation goes, without how any platform shows it."""
