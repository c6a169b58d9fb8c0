"""The numbers of the matcher, one set an encoder. Fitted by `make fit`, never by hand; see CONTRIBUTING.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights over the ranker's SIGNALS and, with a constant behind them, over the gate's GATE_SIGNALS."""

    ranker: tuple[float, ...]
    gate: tuple[float, ...]


SENTENCE = Weights(
    ranker=(53.118, 25.543),
    gate=(9.962, 0.120, 1.511, 6.761, -4.757, -2.536),
)
LEXICAL = Weights(
    ranker=(54.143, 28.702),
    gate=(14.869, 0.076, 2.600, 2.652, -2.688, -3.633),
)
