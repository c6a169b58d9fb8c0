"""What one run of the command line knows: its settings, and Signpost once it is needed."""

import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import click

from adapters.bootstrap import Signpost, assemble, default_school
from adapters.cli import speech
from adapters.settings import Settings, load_settings
from bot.errors import UnknownSchoolError
from knowledge.errors import PackError
from knowledge.faults import errors_of
from knowledge.loader import SHIPPED, KnowledgeFolder, Loaded, load_catalogue, load_schools


class Session:
    """Settings are read at the first use, Signpost is built at the first use, each once."""

    def __init__(self, config: Path | None, overrides: Mapping[str, str | None]) -> None:
        self._config = config
        self._overrides = overrides

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises SettingsError."""
        return load_settings(self._config, self._overrides)

    @cached_property
    def folder(self) -> KnowledgeFolder:
        """The knowledge folder in force."""
        return KnowledgeFolder(self.settings.knowledge or SHIPPED)

    @cached_property
    def packs(self) -> Sequence[Loaded]:
        """Every school as its files are now. Raises SettingsError, and KnowledgeError for the catalogue."""
        catalogue = load_catalogue(self.folder)
        topics = frozenset(topic.id for topic in catalogue.topics)
        return tuple(load_schools(self.folder, topics, frozenset(kind.id for kind in catalogue.concerns)))

    @cached_property
    def signpost(self) -> Signpost:
        """Signpost, loaded; shows a progress bar where a person waits for new texts to be encoded."""
        with ProgressBar() as bar:
            signpost = assemble(self.settings, bar.show)
        if signpost.encoder_fault:
            click.echo(speech.works_lexically(signpost.encoder_fault), err=True)
        return signpost

    def override(self, **settings: str | None) -> None:
        """Set settings from the options of a command, before they are first used."""
        self._overrides = {**self._overrides, **settings}

    def default(self) -> str | None:
        """Return the school asked where none is named, if there is one."""
        return default_school(self.signpost)

    def school(self, named: str | None) -> str:
        """Return the school to ask.

        Raises UsageError where none is named and none is the default, UnknownSchoolError for one that is not here, and
        PackError for one that is not served, with its faults.
        """
        found = named or default_school(self.signpost)
        if found is None:
            raise click.UsageError(speech.no_default_school(self.signpost.library.schools()))
        state = next((state for state in self.signpost.library.states() if state.id == found), None)
        if state is None:
            raise UnknownSchoolError(found, self.signpost.library.schools())
        if state.view is None:
            raise PackError(errors_of(state.faults))
        return found


class ProgressBar:
    """A progress bar that appears with the first step, on a terminal only."""

    def __init__(self) -> None:
        self._bar: click._termui_impl.ProgressBar[int] | None = None
        self._done = 0

    def __enter__(self) -> "ProgressBar":
        """Begin without a bar."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the line."""
        if self._bar:
            self._bar.render_finish()

    def show(self, done: int, total: int) -> None:
        """Move the bar to `done` of `total`."""
        if not sys.stderr.isatty():
            return
        if self._bar is None or self._bar.length != total:
            self._bar = click.progressbar(length=total, label=speech.ENCODING, file=sys.stderr)
            self._done = 0
        self._bar.update(done - self._done)
        self._done = done
