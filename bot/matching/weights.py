"""The numbers of the matcher, one set an encoder. Fitted by `make fit`, never by hand; see CONTRIBUTING.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights over the ranker's SIGNALS and, with a constant behind them, over the gate's GATE_SIGNALS."""

    ranker: tuple[float, ...]
    gate: tuple[float, ...]


SENTENCE = Weights(
    ranker=(3.0, 3.0, 2.0, 1.0, 2.0, 3.0, -0.2),
    gate=(1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 0.0, 0.0, -3.0),
)
LEXICAL = SENTENCE
