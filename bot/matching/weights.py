"""The numbers of the matcher, one set an encoder. Fitted by `make fit`, never by hand; see CONTRIBUTING.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights over the ranker's SIGNALS and, with a constant behind them, over the gate's GATE_SIGNALS."""

    ranker: tuple[float, ...]
    gate: tuple[float, ...]


SENTENCE = Weights(
    ranker=(54.007, 25.179),
    gate=(10.947, 0.143, 1.323, 6.859, -4.727, -2.499),
)
LEXICAL = Weights(
    ranker=(56.815, 29.490),
    gate=(15.702, 0.056, 2.068, 3.738, -2.947, -3.206),
)
