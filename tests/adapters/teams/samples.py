"""One of each card that Signpost can show in Teams, for whoever looks at them or puts them through the card library."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from adapters.chat.prompts import PROMPTS
from adapters.teams import cards, notes, views
from adapters.teams import wording as in_teams
from adapters.teams.answers import render_answer, render_clause
from adapters.teams.connection import Json
from adapters.teams.elements import submit
from adapters.teams.offers import render_offer
from adapters.teams.rendered import Rendered
from bot import wording as said
from bot.escalation import wording as told
from bot.escalation.desk import Listed, Opened, Said
from bot.escalation.model import DeliveryKind, Entry, EntryKind, Escalation, Resolution, State
from bot.escalation.receipt import receipt
from bot.escalation.render import acts, card_lines, render
from bot.types import Action, Option, Outcome
from knowledge.model import Contact
from tests.adapters.teams.replies import ANSWER, CONCERN, DSL, HEAD, OFFER, QUOTED, shown, with_clause
from tests.bot.builders import AT_BREAK, CONDUCT, FAMILY, FRIENDS, ON_SITE, PARENTS, PHONE_TENSION, PHONES
from tests.bot.escalation import builders as desk
from tests.bot.escalation.builders import ASKER_INBOX, KINDS, MINUTE, PEOPLE, PLACE, SCHOOL, a_delivery, scene
from tests.escalation_fakes import MONDAY

READERS = ("29:1bSnHZ7Js2STWrgk6ScEErLk1Lp2zQuD5H2qQ960rtvstKp8tKLl", "29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgFmB25ATiQWA85g")
LONG_QUOTE = "Staff must not share pictures of pupils.\nThis holds on every site and at every time.\n" * 200
TENSION = replace(
    ANSWER,
    clauses=(shown(AT_BREAK, PHONES), shown(ON_SITE, PHONES)),
    tension=PHONE_TENSION.says,
    verdict=said.verdict(AT_BREAK, ask_first=True),
)
CLARIFY = replace(
    ANSWER,
    outcome=Outcome.CLARIFY,
    message=said.CLARIFY,
    verdict=None,
    clauses=(),
    options=(
        Option("clause:a", said.option_label(FAMILY), ("a",)),
        Option("clause:b", "Sending messages", ("b",)),
        Option("clause:c", said.option_label(FRIENDS), ("c",)),
    ),
)
NO_MATCH = replace(ANSWER, outcome=Outcome.NO_MATCH, message=said.NO_MATCH, verdict=None, clauses=())
HELP = replace(
    ANSWER,
    outcome=Outcome.HELP,
    message=said.help_text(DSL.title),
    verdict=None,
    clauses=(),
    contacts=(),
    actions=(),
)
SENT = replace(
    CONCERN,
    escalation=replace(OFFER, id="e1", reference="K7-1234", state="delivered", says=told.PASSED_ON_BEFORE),
    notices=(told.PASSED_ON_BEFORE,),
    actions=(Action.INVOLVED,),
)
STUCK = replace(
    CONCERN,
    escalation=replace(OFFER, problem=told.CANNOT_CHECK, says=told.CANNOT_CHECK),
    notices=(told.CANNOT_CHECK,),
    actions=(Action.NOT_MEANT,),
)
CALM = replace(
    CONCERN,
    message=said.TELL_SOMEBODY,
    advice=("Change your password.", "Tell the headteacher today."),
    escalation=replace(OFFER, urgent=False, category="data-loss"),
    verdict=said.verdict(FRIENDS),
    clauses=(QUOTED,),
)
TOLD = "He said he is afraid to go home.\nHe was crying."
NOBODY_LEFT = replace(OFFER, problem=told.NOBODY_LEFT, says=told.NOBODY_LEFT)
OPENING = Said(Entry(EntryKind.OPENING, "key", TOLD, MONDAY, 1), "Ms Patel")
REPLIED = Said(Entry(EntryKind.REPLY, "key", "Thank you. I am on it.", MONDAY + 5 * MINUTE, 2, "dsl"), "Mr B. Dale")
RESOLVED = desk.taken(
    state=State.RESOLVED, resolution=Resolution.HANDLED, resolved_at=MONDAY + timedelta(hours=2), next_at=None
)
MANY_SCHOOLS = [replace(SCHOOL, id=f"school-{number}", name=f"School number {number}") for number in range(40)]


def thread_of(count: int) -> tuple[Said, ...]:
    """Return a thread with so many pieces after the first."""
    words = "I have spoken to his form teacher, and to his mother on the phone. " * 12
    later = (
        replace(REPLIED, entry=replace(REPLIED.entry, number=number, text=words)) for number in range(2, count + 2)
    )
    return (OPENING, *later)


def listed(of: Escalation) -> Listed:
    """Return an escalation as the desk lists it."""
    found = scene(of)
    return Listed(of, found.title, tuple(card_lines(found)), acts(of))


def opened(pieces: Sequence[Said] = (OPENING, REPLIED), others: Sequence[Contact] = PEOPLE[1:3]) -> Opened:
    """Return an escalation whose words are open."""
    return Opened(listed(desk.waiting()), tuple(pieces), tuple(others))


def _first(messages: Sequence[Rendered]) -> Json:
    return messages[0].card


def _card(kind: DeliveryKind, of: Escalation, refresh_for: Sequence[str] = ()) -> Json:
    where = ASKER_INBOX if kind in {DeliveryKind.RECEIPT, DeliveryKind.REPLY} else PLACE
    waiting = tuple((replace(of, reference=f"K7-{number:04}"), "Ms Patel") for number in range(1, 4))
    late = scene(of, now=MONDAY + 20 * MINUTE, waiting=waiting if kind is DeliveryKind.DIGEST else ())
    return cards.render_card(render(a_delivery(kind, where, of, entry=1), late), refresh_for).card


def _receipt(minutes: int) -> Json:
    found = receipt(desk.waiting(), SCHOOL, "A child may be at risk of harm", MONDAY + minutes * MINUTE)
    return cards.render_receipt(found).card


Sample = Callable[[], Json]
_OF_ONE = [kind for kind in DeliveryKind if kind is not DeliveryKind.DIGEST]
_ANSWERS: Mapping[str, Sample] = {
    "an answer": lambda: _first(render_answer(ANSWER)),
    "an answer of one school of several": lambda: _first(render_answer(ANSWER, school="Oakwood School")),
    "an answer in plain words": lambda: _first(render_answer(with_clause(PARENTS))),
    "an answer with a condition": lambda: _first(render_answer(with_clause(FAMILY))),
    "an answer with a further rule": lambda: _first(render_answer(replace(ANSWER, clauses=(QUOTED, shown(PARENTS))))),
    "an answer under a tension": lambda: _first(render_answer(TENSION)),
    "an answer that may be about a child": lambda: _first(
        render_answer(replace(ANSWER, notices=(said.safety_line(DSL.title), said.review_overdue(CONDUCT, "May 2020"))))
    ),
    "an answer of the model school": lambda: _first(
        render_answer(replace(ANSWER, contacts=(replace(HEAD, example=True),)))
    ),
    "the beginning of a long answer": lambda: _first(render_answer(with_clause(replace(FRIENDS, quote=LONG_QUOTE)))),
    "the end of a long answer": lambda: render_answer(with_clause(replace(FRIENDS, quote=LONG_QUOTE)))[-1].card,
    "an answer that helped": lambda: _first(render_answer(ANSWER, settled=told.HELPED)),
    "a rule to insert": lambda: render_clause(QUOTED).card,
    "a rule too long to insert": lambda: render_clause(shown(replace(FRIENDS, quote=LONG_QUOTE))).card,
    "did you mean": lambda: _first(render_answer(CLARIFY)),
    "did you mean, in short": lambda: _first(render_answer(replace(CLARIFY, options=CLARIFY.options[1:2] * 3))),
    "no rule": lambda: _first(render_answer(NO_MATCH)),
    "help": lambda: _first(render_answer(HELP)),
}
_CONCERNS: Mapping[str, Sample] = {
    "a concern": lambda: _first(render_answer(CONCERN)),
    "a calm concern with a rule": lambda: _first(render_answer(CALM)),
    "a concern that was passed on": lambda: _first(render_answer(SENT)),
    "a concern that cannot be passed on": lambda: _first(render_answer(STUCK)),
    "a concern once it is taken": lambda: _first(render_answer(CONCERN, settled="You have passed this on.")),
    "the next offer": lambda: _first(render_offer("r1", replace(OFFER, readers=(HEAD,)))),
    "nobody is left": lambda: _first(render_offer("r1", NOBODY_LEFT, (HEAD,))),
}
_CARDS: Mapping[str, Sample] = {
    **{f"card: {kind}": partial(_card, kind, desk.waiting(), READERS) for kind in _OF_ONE},
    **{f"card of what was taken: {kind}": partial(_card, kind, desk.taken()) for kind in _OF_ONE},
    **{f"card of a question: {kind}": partial(_card, kind, desk.question()) for kind in _OF_ONE},
    "a digest of questions": lambda: _card(DeliveryKind.DIGEST, desk.question(cards=desk.carded(PLACE))),
    "card of what is resolved": lambda: _card(DeliveryKind.UPDATE, RESOLVED),
    "card, in answer to a tap": lambda: cards.desk_card(listed(desk.taken()), READERS).card,
    "card of a question, in answer to a tap": lambda: cards.desk_card(listed(desk.question()), quoted="may I?").card,
    "passing on": lambda: views.assign_view("e1", "K7-0001", PEOPLE[:3]),
    "passing on to nobody": lambda: views.assign_view("e1", "K7-0001", ()),
    "resolving": lambda: views.resolve_view("e1", "K7-0001"),
    "a receipt": lambda: _receipt(0),
    "a receipt that nobody has seen": lambda: _receipt(20),
}
DIALOGS: Mapping[str, Sample] = {
    "opened": lambda: views.opened_view(opened(), SCHOOL, MONDAY),
    "opened, nobody else there": lambda: views.opened_view(opened(others=()), SCHOOL, MONDAY),
    "opened, with a long thread": lambda: views.opened_view(opened(thread_of(40)), SCHOOL, MONDAY),
    "opened, further up": lambda: views.opened_view(opened(thread_of(40)), SCHOOL, MONDAY, before=20),
    "opened, the words erased": lambda: views.opened_view(
        Opened(listed(RESOLVED), (), (), told.PURGED), SCHOOL, MONDAY
    ),
    "replying": lambda: views.reply_view("e1", "K7-0001"),
    "replying once more": lambda: views.reply_view("e1", "K7-0001", problem=told.RESOLVED_ALREADY, typed="Thank you."),
    "adding something": lambda: views.answer_view("e1", "K7-0001"),
    "adding once more": lambda: views.answer_view("e1", "K7-0001", problem=told.FOR_OTHERS, typed="It was worse."),
    "passing on, in a dialog": lambda: views.assign_view("e1", "K7-0001", PEOPLE[:3], submit),
    "resolving, in a dialog": lambda: views.resolve_view("e1", "K7-0001", submit),
    "a sentence in a dialog": lambda: views.said_dialog(told.OFFER_GONE),
    "an answer in a dialog": lambda: views.answer_dialog(ANSWER),
    "a concern in a dialog": lambda: views.answer_dialog(CONCERN, "Oakwood School"),
    "did you mean, in a dialog": lambda: views.answer_dialog(CLARIFY),
    "an answer too long for a dialog": lambda: views.answer_dialog(with_clause(replace(FRIENDS, quote=LONG_QUOTE))),
    "raising: the first step": lambda: views.raise_view(KINDS, []),
    "raising: which school": lambda: views.raise_view(KINDS, [SCHOOL, *MANY_SCHOOLS[:2]]),
    "raising: about a message": lambda: views.raise_view(KINDS, [], "they were laughing at him [again](http://evil)"),
    "raising: the second step": lambda: views.tell_view(CONCERN),
    "raising: somebody is involved": lambda: views.next_offer_view("r1", replace(OFFER, readers=(HEAD,))),
    "raising: nobody is left": lambda: views.next_offer_view("r1", NOBODY_LEFT, (HEAD,)),
    "raising: the last step": lambda: views.receipt_view(receipt(desk.recorded(), SCHOOL, "A child", MONDAY)),
}
_REPORT = (
    ("", ("Version v1 is in force since 10:42.",)),
    ("Policies", ("Conduct Policy 2.1, due for review in September 2027", "Phone Policy")),
    ("To mend", tuple(f"school.yaml:{number}: contacts: expected a list, got a text." for number in range(60))),
)
_NOTES: Mapping[str, Sample] = {
    "a sentence": lambda: notes.note(told.HELPED).card,
    "answered elsewhere": lambda: notes.note(in_teams.ANSWERED_PRIVATELY).card,
    "not staff": lambda: notes.note(told.NOT_STAFF_REPLY).card,
    "which school": lambda: notes.which_school([SCHOOL, *MANY_SCHOOLS[:2]], "p1").card,
    "which of many schools": lambda: notes.which_school(MANY_SCHOOLS, "p1", are_all=False).card,
    "welcome": lambda: notes.welcome(PROMPTS, said.help_text(DSL.title)).card,
    "a report": lambda: _first(notes.report("Status: Oakwood School", _REPORT)),
    "the rest of a report": lambda: notes.report("Check: Oakwood School", _REPORT * 3)[-1].card,
}
SAMPLES: Mapping[str, Sample] = {**_ANSWERS, **_CONCERNS, **_CARDS, **_NOTES, **DIALOGS}
