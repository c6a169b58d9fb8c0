"""Reads a systemd unit: its settings in order, each as often as it is written."""

from dataclasses import dataclass

from tests.deploy.files import text_of


@dataclass(frozen=True, slots=True)
class Unit:
    """The settings of a unit file or of a drop-in."""

    lines: tuple[tuple[str, str], ...]

    def all(self, key: str) -> tuple[str, ...]:
        """Return every value of a setting."""
        return tuple(value for name, value in self.lines if name == key)

    def one(self, key: str) -> str:
        """Return the value of a setting that is written once."""
        [value] = self.all(key)
        return value

    @property
    def environment(self) -> dict[str, str]:
        """What the unit puts into the environment."""
        pairs = [pair for line in self.all("Environment") for pair in line.split()]
        return dict(pair.split("=", 1) for pair in pairs)


def unit(name: str) -> Unit:
    """Read a unit file of deploy/systemd."""
    lines = [line for line in text_of(f"systemd/{name}").splitlines() if "=" in line and not line.startswith("#")]
    return Unit(tuple((line.partition("=")[0], line.partition("=")[2]) for line in lines))
