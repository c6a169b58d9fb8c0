"""The tests of the reading of policy documents."""
