"""Settings of the property tests: a slow machine is no fault of the text that was drawn."""

from hypothesis import settings

settings.register_profile("knowledge", settings.get_profile("repeatable"), deadline=None)
settings.load_profile("knowledge")
