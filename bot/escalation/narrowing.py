"""One of the people named is involved, and it has gone out already: whoever has not been told of it is left out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.escalation.lifecycle import Moment, event
from bot.escalation.model import Change, Escalation
from bot.escalation.register import Register, TokenSet
from knowledge.model import Contact


@dataclass(frozen=True, slots=True)
class Knowing:
    """Which roles of a school know of an escalation, or may: they were told, read a place that was, or have opened it.

    `unseen`: nobody can say who reads a place that was told, so anybody may know.
    """

    register: Register
    roles: frozenset[str]
    unseen: bool

    @classmethod
    def of(cls, register: Register, one: Escalation, by_place: frozenset[str] | None) -> "Knowing":
        """Return who knows of an escalation. `by_place` are the ids of those who read its places, None if unknown."""
        places = any(told.kind == "place" for told in one.told)
        ids = {told.id for told in one.told if told.kind != "place" and told.platform == one.platform}
        mails = {told.role for told in one.told if told.platform != one.platform}
        named = frozenset().union(*(register.identities(each) for each in ids | (by_place or frozenset())))
        acted = {*mails, *(sight.role for sight in one.seen), one.holder_role}
        contacts = register.school.contacts.values()
        told = {each.role for each in contacts if each.role in acted or register.tokens(each) & named}
        # Somebody whose id is unknown may read the place under one that nobody can tell for theirs.
        hidden = {each.role for each in contacts if places and register.address(each) is None}
        known = TokenSet(register.tokens_of(told))
        return cls(register, register.involved(known) | hidden, unseen=places and by_place is None)

    def holds(self, people: Iterable[Contact]) -> bool:
        """Tell whether everybody of some people knows already."""
        return all(each.role in self.roles for each in people)


def narrowed(one: Escalation, knowing: Knowing, involved: TokenSet, moment: Moment) -> Change | None:
    """Leave out of an escalation those who are involved and do not know of it; None where there is nobody to leave out.

    Those who know of it keep it: nothing that was told can be taken back, and somebody must look after it.
    """
    if knowing.unseen:
        return None
    register = knowing.register
    fresh = register.involved(involved) - knowing.roles
    kept = involved.key
    excluded = TokenSet(frozenset(one.excluded), kept).plus(register.tokens_of(fresh)).keys
    if excluded <= set(one.excluded):
        return None
    after = replace(one, excluded=tuple(sorted(excluded)))
    return Change(one, after, events=(event("narrowed", moment.at, by=one.asker),))
