"""The home tab, as a view: for whoever may ask, for those who are told of concerns, and for admins. Pure.

Each part has its share of what Slack takes, so that a long one never pushes out another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from adapters.chat import admin_wording, wording
from adapters.chat.fitting import short
from adapters.chat.messages import standing
from adapters.chat.reports import Pack, overdue_lines, state_lines, unanswered_lines
from adapters.slack import home_wording as says
from adapters.slack.admin_words import SLACK
from adapters.slack.blocks import (
    Block,
    actions,
    button,
    divider,
    header,
    heading,
    modal,
    option,
    quote,
    select,
    small,
    title,
    words,
)
from adapters.slack.cards import buttons, receipt_blocks
from adapters.slack.contacts import example_note, people
from adapters.slack.fitting import Room, as_many, lines_within, options_within
from adapters.slack.limits import sent_as
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.desk import Listed
from bot.escalation.hours import local_date
from bot.escalation.message import Act
from bot.escalation.model import State
from bot.escalation.receipt import Receipt
from bot.review import overdue_since
from knowledge.model import Clause, Policy, School, Tension, Topic

TOPIC, RAISE, SCHOOL = "home:topic", "home:raise", "home:school"
# The shares of the 100 blocks and 250,000 bytes of a view; what is left is for headings.
_CHOICE = Room(1_000, 55_000, sent_as)
_INBOX = Room(38, 50_000, sent_as)
_RECEIPTS = Room(18, 25_000, sent_as)
_RECEIPTS_ALONE = Room(54, 70_000, sent_as)  # of somebody for whom nothing waits
_CONTACTS = Room(12, 20_000, sent_as)
_PACKS = Room(12, 25_000, sent_as)
_PACK = Room(4, 12_000, sent_as)
_CARD = Room(3, 8_000, sent_as)
_RULES = Room(90, 200_000, sent_as)
_FIRST = ("dsl", "deputy-dsl", "headteacher")


@dataclass(frozen=True, slots=True)
class Home:
    """What somebody's home tab is made of.

    `school` is the one they ask for, None where they must choose one of `schools`. `inbox` are the escalations they
    may see, and `receipts` what they have raised: None where that cannot be read just now. `packs` are those they look
    after.
    """

    now: datetime
    school: School | None
    schools: Sequence[School] = ()
    topics: Sequence[Topic] = ()
    inbox: Sequence[Listed] | None = ()
    receipts: Sequence[Receipt] | None = ()
    packs: Sequence[Pack] = ()


def home_view(home: Home) -> Block:
    """Return the home tab of somebody who may ask; what waits for them comes first."""
    top = _top(home.school) if home.school else _choose()
    choice = _school_choice(home.schools, home.school) if len(home.schools) > 1 or home.school is None else []
    school = _school(home.school, home.topics, home.now) if home.school else []
    unread = words(told.NOT_READABLE) if home.inbox is None or home.receipts is None else []
    waiting = _inbox(home.inbox or ())
    receipts = _receipts(home.receipts or (), _RECEIPTS if waiting else _RECEIPTS_ALONE)
    parts = [waiting, receipts, school, _packs(home.packs, home.now)]
    apart = [[divider(), *part] for part in parts if part]
    where = [*top, *choice] if home.school is None else top
    below = choice if home.school else []
    return _home([*where, *unread, *chain.from_iterable(apart), *below])


def outsider_view() -> Block:
    """Return the home tab of somebody who is not staff: kind words, and nothing of the policies."""
    return _home(words(told.NOT_STAFF_REPLY))


def topic_view(topic: Topic, school: School, now: datetime) -> Block:
    """Return the rules of a school about a topic, each whole and word for word."""
    clauses = [clause for policy in school.policies for clause in policy.clauses]
    about = {clause.id for clause in clauses if topic.id in clause.topics}
    tensions = [one for policy in school.policies for one in policy.tensions if about & set(one.between)]
    shown = about.union(*(one.between for one in tensions))  # no rule without the one that pulls against it
    apart = [_tension(one, school) for one in tensions]
    rules = [
        _rule(policy, clause, now) for policy in school.policies for clause in policy.clauses if clause.id in shown
    ]
    gone = [] if rules else words(says.TOPIC_GONE)
    safety = words(said.safety_line(school.contact("dsl").title))
    whole = as_many([*apart, *rules], _RULES, says.more_rules)
    return modal("topic", says.TOPICS, [*title(topic.title), *gone, *whole, *safety])


def topics_of(school: School, topics: Sequence[Topic]) -> Sequence[Topic]:
    """Return the topics that a school's policies say something about, by title."""
    there = {name for policy in school.policies for clause in policy.clauses for name in clause.topics}
    return sorted((topic for topic in topics if topic.id in there), key=lambda topic: topic.title)


# ---- For whoever may ask ---------------------------------------------------------------------------------------------


def _top(school: School) -> list[Block]:
    return [header(school.name), *words(says.ASK_ME), *actions([button(wording.RAISE, RAISE, "raise", main=True)])]


def _choose() -> list[Block]:
    raising = actions([button(wording.RAISE, RAISE, "raise", main=True)])
    return [header(wording.WHICH_SCHOOL_DO_YOU_ASK_FOR), *words(wording.SCHOOL_SAFETY), *raising]


def _school_choice(schools: Sequence[School], own: School | None) -> list[Block]:
    """Return the list of schools to choose from; that somebody asks for is in it, however many there are."""
    first = [own] if own else []
    others = [school for school in schools if own is None or school.id != own.id]
    options = options_within([option(school.name, school.id) for school in (*first, *others)], _CHOICE)
    initial = options[0] if own else None
    more = small(wording.more_lines(len(first) + len(others) - len(options))) if len(options) < len(schools) else []
    chosen = select(options, initial, wording.PICK_SCHOOL) | {"action_id": SCHOOL}
    return [heading(wording.WHICH_SCHOOL), *actions([chosen]), *more]


def _school(school: School, topics: Sequence[Topic], now: datetime) -> list[Block]:
    return [*_topics(topics), *_contacts(school, now)]


def _topics(topics: Sequence[Topic]) -> list[Block]:
    options = options_within([option(topic.title, topic.id) for topic in topics], _CHOICE)
    if not options:
        return []
    more = small(wording.more_lines(len(topics) - len(options))) if len(options) < len(topics) else []
    chosen = select(options, hint=says.PICK_TOPIC) | {"action_id": TOPIC}
    return [heading(says.TOPICS), *actions([chosen]), *more]


def _contacts(school: School, now: datetime) -> list[Block]:
    """Return those whom the school has named, with the people for a concern first."""
    today = local_date(now)
    named = [found for found in (one.on(today) for one in school.contacts.values()) if found.name]
    named.sort(key=lambda one: _FIRST.index(one.role) if one.role in _FIRST else len(_FIRST))
    shown = [people([one]) for one in named]
    listed = [heading(says.CONTACTS), *as_many(shown, _CONTACTS)] if shown else []
    return [*listed, *example_note(named)]


def _receipts(receipts: Sequence[Receipt], room: Room) -> list[Block]:
    """Return what somebody has raised and is still open, the latest first."""
    still_open = [one for one in reversed(receipts) if one.state is not State.RESOLVED]
    shown = [[*receipt_blocks(one), *buttons((Act.ANSWER,), one.id)] for one in still_open]
    return [heading(says.RAISED), *as_many(shown, room)] if shown else []


def _rule(policy: Policy, clause: Clause, now: datetime) -> list[Block]:
    """Return a rule: its verdict, its words, and where they stand."""
    pulled = any(clause.id in one.between for one in policy.tensions)
    official = [*small(wording.RULE_ITSELF), *quote(clause.quote)] if clause.quote else []
    plain_words = small(wording.IN_SHORT if clause.quote else wording.IN_PLAIN_WORDS)
    unattached = small(said.PLAIN_WORDS) if policy.document is None and not clause.quote else []
    facts = (clause.section, policy.title, f"{wording.VERSION} {policy.version}" if policy.version else "")
    since = overdue_since(policy, local_date(now))
    overdue = small(said.review_overdue(policy, since)) if since else []
    verdict = title(said.verdict(clause, ask_first=pulled))
    return [divider(), *verdict, *official, *plain_words, *words(clause.says), *unattached, *small(*facts), *overdue]


def _tension(tension: Tension, school: School) -> list[Block]:
    who = says.ask_first(said.contact_name(school.contact(tension.ask)))
    return [heading(wording.PULL_APART), *words(tension.says), *words(who)]


# ---- For those who are told ------------------------------------------------------------------------------------------


def _inbox(inbox: Sequence[Listed]) -> list[Block]:
    """Return the open escalations: urgent before others, oldest first."""
    waiting = [one for one in inbox if one.escalation.state is not State.RESOLVED]
    waiting.sort(key=lambda one: (not one.escalation.urgent, one.escalation.opened_at))
    return [header(says.DESK), *as_many([_listed(one) for one in waiting], _INBOX)] if waiting else []


def _listed(one: Listed) -> list[Block]:
    escalation = one.escalation
    named = told.notice_title(one.title, escalation.reference, urgent=escalation.urgent)
    card = lines_within([standing(one.acts), *one.lines], _CARD)
    return [*title(short(named)), *card, *buttons(one.acts, escalation.id)]


# ---- For admins ------------------------------------------------------------------------------------------------------


def _packs(packs: Sequence[Pack], now: datetime) -> list[Block]:
    shown = [_pack(one, now) for one in packs]
    return [heading(says.KNOWLEDGE), *as_many(shown, _PACKS)] if shown else []


def _pack(pack: Pack, now: datetime) -> list[Block]:
    return lines_within(list(_pack_lines(pack, now)), _PACK)


def _pack_lines(pack: Pack, now: datetime) -> Iterator[str]:
    yield pack.school.name
    yield from state_lines(SLACK, pack.state, now)
    overdue = overdue_lines(pack.school, now)
    yield admin_wording.reviews_overdue(len(overdue)) if overdue else admin_wording.NO_OVERDUE
    yield from overdue
    yield from unanswered_lines(pack, now)


def _home(blocks: Sequence[Block]) -> Block:
    return {"type": "home", "blocks": list(blocks)}
