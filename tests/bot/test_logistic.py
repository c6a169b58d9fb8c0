"""The regression under the sense."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from bot.logistic import Examples, Matrix, Weights, fit
from bot.traits import Traits

RIDGE = 0.5


def _message(dense: ArrayLike, words: ArrayLike = ()) -> Traits:
    slots = np.array(words, np.intp)
    return Traits(np.array(dense, np.float32), slots, np.ones(len(slots), np.float32))


def _fit(messages: Sequence[Traits], members: Sequence[bool], slots: int = 1, ridge: float = RIDGE) -> Weights:
    """Fit one class, each message counting once."""
    wanted = np.array(members, np.float64)[:, None]
    return fit(Examples(messages, slots), wanted, np.ones_like(wanted), ridge)


def _loss(examples: Examples, wanted: Matrix, shares: Matrix, weights: Matrix) -> float:
    """Say what is minimised: the loss of every message by its share, and the ridge on all weights but the start."""
    scores = examples.times(weights)
    missed = -np.log(1 / (1 + np.exp(np.where(wanted > 0, -scores, scores))))
    free = np.ones_like(weights)
    free[examples.start] = 0
    return float((shares * missed).sum() + RIDGE * (free * weights**2).sum() / 2)


def _flat(weights: Weights) -> Matrix:
    return np.concatenate([weights.dense, weights.start[None, :], weights.sparse]).astype(np.float64)


def test_what_can_be_told_apart_is() -> None:
    """By meaning alone, members come out above one half and the others below."""
    members = [_message([1.0, side]) for side in (0.5, -0.5)]
    others = [_message([-1.0, side]) for side in (0.5, -0.5)]
    weights = _fit([*members, *others], [True, True, False, False])
    assert all(weights.chances(one)[0] > 0.5 for one in members)
    assert all(weights.chances(one)[0] < 0.5 for one in others)


def test_words_tell_apart_what_meaning_does_not() -> None:
    """Messages of one meaning are told by the word that only the members have."""
    weights = _fit([_message([0.0], [0, 1]), _message([0.0], [0])], [True, False], slots=2)
    assert weights.chances(_message([0.0], [1]))[0] > 0.5 > weights.chances(_message([0.0], [0]))[0]
    assert weights.sparse[1, 0] > 0


def test_each_class_is_told_from_the_rest() -> None:
    """Three classes are fitted at once, and each knows its own."""
    messages = [_message(row) for row in np.eye(3)]
    weights = fit(Examples(messages, 0), np.eye(3), np.ones((3, 3)), RIDGE)
    assert [int(weights.chances(one).argmax()) for one in messages] == [0, 1, 2]


def test_without_anything_to_go_by_the_chance_is_the_share() -> None:
    """Where messages do not differ, three members among four give three in four: the start carries no ridge."""
    weights = _fit([_message([0.0])] * 4, [True, True, True, False])
    assert weights.chances(_message([0.0]))[0] == pytest.approx(0.75, abs=0.01)


def test_a_message_that_counts_more_pulls_more() -> None:
    """One message with the share of three weighs as much as three others together."""
    wanted = np.array([[1.0], [0.0], [0.0], [0.0]])
    shares = np.array([[3.0], [1.0], [1.0], [1.0]])
    weights = fit(Examples([_message([0.0])] * 4, 0), wanted, shares, RIDGE)
    assert weights.chances(_message([0.0]))[0] == pytest.approx(0.5, abs=0.01)


def test_a_heavier_ridge_makes_it_more_careful() -> None:
    """The more the ridge weighs, the nearer a member stays to one half."""
    messages, members = [_message([1.0]), _message([-1.0])], [True, False]
    light, heavy = (_fit(messages, members, ridge=ridge).chances(messages[0])[0] for ridge in (0.1, 10.0))
    assert 0.5 < heavy < light


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_fit_is_the_lowest_point(seed: int) -> None:
    """Whichever way the weights are nudged, the loss by the textbook does not fall."""
    draw = np.random.default_rng(seed)
    messages = [_message(draw.normal(size=3), draw.choice(4, 2, replace=False)) for _ in range(20)]
    wanted, shares = draw.integers(0, 2, (20, 2)).astype(np.float64), draw.uniform(0.5, 2, (20, 2))
    examples = Examples(messages, 4)
    found = _flat(fit(examples, wanted, shares, RIDGE))
    least = _loss(examples, wanted, shares, found)
    for _ in range(5):
        nudged = found + draw.normal(scale=0.1, size=found.shape)
        assert _loss(examples, wanted, shares, nudged) > least - 1e-3


def test_the_slope_of_every_weight_agrees_with_finite_differences() -> None:
    """`back` sums the errors of a trait's messages: it is the slope of the scores that `times` gives."""
    draw = np.random.default_rng(4)
    examples = Examples([_message(draw.normal(size=2), [slot, slot + 1]) for slot in range(3)], 4)
    errors, step = draw.normal(size=(3, 1)), 0.5
    slope = examples.back(errors)
    for weight in range(examples.width):
        nudge = np.zeros((examples.width, 1))
        nudge[weight] = step
        risen = (errors * (examples.times(nudge) - examples.times(-nudge))).sum() / (2 * step)
        assert slope[weight, 0] == pytest.approx(risen, abs=1e-5)


def test_fitting_twice_gives_the_same() -> None:
    """Nothing is drawn at random."""
    messages = [_message([1.0, 0.3], [0]), _message([-0.2, 1.0]), _message([0.1, -1.0], [0])]
    first, second = (_flat(_fit(messages, [True, False, True])) for _ in range(2))
    assert (first == second).all()


def test_a_chance_is_a_chance_however_far_out() -> None:
    """No message makes a chance leave 0 to 1, or overflow."""
    weights = _fit([_message([1.0]), _message([-1.0])], [True, False])
    for far in (1e6, -1e6):
        assert 0 <= weights.chances(_message([far]))[0] <= 1
