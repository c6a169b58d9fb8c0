"""The icons of the Teams app, as Teams wants them."""
