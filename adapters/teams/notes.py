"""Short messages of Signpost's own: a sentence, a greeting, which school somebody asks for, and answers to admins."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.chat import wording
from adapters.chat.fitting import LONGEST, items_that_fit, short
from adapters.teams import wording as in_teams
from adapters.teams.connection import Json
from adapters.teams.elements import (
    LARGE,
    STRONG,
    choice,
    execute,
    faint,
    heading,
    lines,
    option,
    rows,
    says,
    title,
    written,
)
from adapters.teams.limits import size
from adapters.teams.packing import Cover, length_of, packed, room_in
from adapters.teams.rendered import Rendered
from knowledge.model import School

CHOOSE_SCHOOL = "school:choose"
SCHOOL = "school"
_FOR_THE_CHOICE = 600  # what it takes beside its options, with the sentence that there are more


def note(text: str) -> Rendered:
    """Return a sentence as a message."""
    return replace(Cover(text).over(written(text)), said=text)


def which_school(schools: Sequence[School], pending: str, *, are_all: bool = True, is_new: bool = False) -> Rendered:
    """Ask which school somebody asks for. `pending` is the id of the question that waits for it.

    `are_all=False`: one that is not listed may be theirs, and cannot be asked just now. `is_new`: they have just taken
    Signpost in.
    """
    missing = [] if are_all else written(wording.SCHOOL_MISSING)
    greeting = title(in_teams.WELCOME) if is_new else []
    above = [*greeting, *title(wording.WHICH_SCHOOL_DO_YOU_ASK_FOR), *written(wording.SCHOOL_SAFETY), *missing]
    return _choosing(Cover(wording.WHICH_SCHOOL_DO_YOU_ASK_FOR), above, schools, pending)


def your_school(own: School, schools: Sequence[School]) -> Rendered:
    """Say which school somebody asks for from now on, and let them change it: it decides who is told."""
    cover = Cover(wording.school_chosen(own.name))
    above = [*written(cover.text, STRONG), *faint(in_teams.WRONG_SCHOOL)]
    return _choosing(cover, above, schools, "", own.id)


def _choosing(
    cover: Cover, above: Sequence[Json], schools: Sequence[School], pending: str, chosen: str = ""
) -> Rendered:
    below = rows([execute(in_teams.CHOOSE, CHOOSE_SCHOOL, main=not chosen, fills=True, r=pending)])
    room = room_in(cover) - length_of([*above, *below]) - _FOR_THE_CHOICE
    named = [option(school.name, school.id) for school in schools]
    options = items_that_fit(named, room, lambda one: size(one) + 2)
    more = faint(in_teams.MORE_SCHOOLS) if len(options) < len(named) else []
    is_there = any(one["value"] == chosen for one in options)
    picked = choice(SCHOOL, wording.WHICH_SCHOOL, options, chosen=chosen if is_there else "", hint=wording.PICK_SCHOOL)
    return cover.over([*above, picked, *more, *below])


def welcome(prompts: Sequence[tuple[str, str]], words: str) -> Rendered:
    """Greet a member of staff with what Signpost is for, and with questions that one tap asks."""
    asks = [says(named, text) for named, text in prompts]
    offered = heading(in_teams.YOU_CAN_ASK, rows(asks)) if asks else []
    return Cover(in_teams.WELCOME).over([*title(in_teams.WELCOME), *written(words), *offered])


def report(named: str, sections: Sequence[tuple[str, Sequence[str]]] = ()) -> tuple[Rendered, ...]:
    """Return an answer to an admin: headed lists under a title, or one sentence where there are none."""
    if not sections:
        return (note(named),)
    parts = [written(named, LARGE)]
    for above, texts in sections:
        parts.append(heading(above, _listed(texts)) if above else _listed(texts))
    return packed(Cover(named, wide=True), parts)


def _listed(texts: Sequence[str]) -> list[Json]:
    return lines(short(text, LONGEST) for text in texts)
