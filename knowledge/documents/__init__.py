"""The reading of policy documents."""
