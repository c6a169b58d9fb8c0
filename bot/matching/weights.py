"""The numbers of the matcher, one set an encoder. Fitted by `make fit`, never by hand; see CONTRIBUTING.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights over the ranker's SIGNALS and, with a constant behind them, over the gate's GATE_SIGNALS."""

    ranker: tuple[float, ...]
    gate: tuple[float, ...]


SENTENCE = Weights(
    ranker=(53.384, 25.535),
    gate=(9.906, 0.123, 1.609, 5.960, -4.289, -2.627),
)
LEXICAL = Weights(
    ranker=(54.143, 28.702),
    gate=(14.869, 0.076, 2.600, 2.652, -2.688, -3.633),
)
