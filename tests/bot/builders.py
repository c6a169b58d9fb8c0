"""A tiny school, a tiny catalogue and what is built from them, for tests of the domain."""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np

from bot import wording
from bot.decide import Case, Decider
from bot.logistic import Weights
from bot.matching.index import SchoolIndex, build_policy_index
from bot.matching.lexical import LexicalEncoder
from bot.matching.matcher import Ranked, Ranking
from bot.matching.question import Question, analyse
from bot.matching.shared import Shared, build_shared
from bot.matching.spelling import Speller
from bot.matching.vectors import VectorStore
from bot.matching.weights import LEXICAL
from bot.sense import ConcernSense, learn_sense
from bot.triage import SafetyFloor
from bot.types import Reply, Utterance
from bot.view import SchoolView
from knowledge.model import (
    Catalogue,
    Clause,
    ConcernKind,
    Contact,
    Jurisdiction,
    Party,
    Policy,
    Reach,
    RouteName,
    School,
    Stance,
    Synonyms,
    Tension,
    Topic,
)
from knowledge.roles import unnamed_contacts
from tests.fakes import TODAY

ENGLISH = (("friend", 900), ("school", 800), ("question", 700), ("phone", 600), ("beech", 500), ("beach", 400))

FRIENDS = Clause(
    id="friends-pupils",
    section="Contact with pupils",
    says="Don't be friends with a pupil on social media.",
    act="being friends with a pupil on social media",
    stance=Stance.MUST_NOT,
    topics=("friend-pupil",),
    contacts=("headteacher",),
    asked=("can i accept a friend request from a pupil", "a kid in my class added me on insta"),
    quote="Staff must not be friends with pupils on social media.",
)
MESSAGES = Clause(
    id="message-pupils",
    section="Contact with pupils",
    says="Don't send private messages to a pupil.",
    act="sending private messages to a pupil",
    stance=Stance.MUST_NOT,
    topics=("friend-pupil",),
    contacts=("dsl", "headteacher"),
    asked=("can i send a private message to a pupil", "may i dm a child"),
)
FAMILY = Clause(
    id="family-pupils",
    section="Contact with pupils",
    says="You can be in touch online with a pupil of your own family, once the headteacher knows.",
    act="being in touch online with a pupil of your own family",
    stance=Stance.MAY_IF,
    only_if="the headteacher knows",
    topics=("friend-pupil",),
    asked=("my nephew is a pupil here, may we stay in touch online",),
)
PARENTS = Clause(
    id="friends-parents",
    section="Contact with parents",
    says="It is better not to be friends with parents on social media.",
    act="being friends with a parent on social media",
    stance=Stance.SHOULD_NOT,
    topics=("friend-parent",),
    asked=("can i add a parent on facebook", "a mum sent me a friend request"),
)
OFFICIAL = Clause(
    id="school-email",
    section="Contact with parents",
    says="It is best to write to parents from your school email.",
    act="writing to parents from your school email",
    stance=Stance.SHOULD,
    asked=("which email do i use for parents",),
)
CHAT = Clause(
    id="staff-chat",
    section="Colleagues",
    says="You can join or leave a staff group chat as you like.",
    act="joining or leaving a staff group chat",
    stance=Stance.MAY,
    topics=("staff-chat",),
    asked=("can i leave the staff whatsapp group", "do i have to be in the staff chat"),
)
SCOPE = Clause(
    id="scope",
    section="About this policy",
    says="This policy is for all staff and governors.",
    act="the policy is for all staff and governors",
    stance=Stance.INFO,
    applies_to=(Party.STAFF, Party.GOVERNOR),
    asked=("who is this policy for",),
)
OWN_SLIP = Clause(
    id="own-slip",
    section="Concerns",
    says="Tell the headteacher about a slip of your own.",
    act="telling the headteacher about a slip of your own",
    stance=Stance.MUST,
    contacts=("headteacher", "dsl"),
    asked=("i liked a pupil's picture by mistake",),
)
IN_CLASS = Clause(
    id="phones-class",
    section="Phones",
    says="Keep your phone out of sight in class.",
    act="keeping your phone out of sight in class",
    stance=Stance.MUST,
    topics=("staff-phone",),
    contacts=("line-manager",),
    asked=("may i keep my phone on my desk in a lesson",),
)
ON_SITE = Clause(
    id="phones-site",
    section="Phones",
    says="Don't bring a personal phone on the premises.",
    act="bringing a personal phone on the premises",
    stance=Stance.MUST_NOT,
    topics=("staff-phone",),
    asked=("can i bring my own phone to school",),
)
AT_BREAK = Clause(
    id="phones-break",
    section="Phones",
    says="You can use your phone in the staff room at break.",
    act="using your phone in the staff room at break",
    stance=Stance.MAY,
    topics=("staff-phone",),
    asked=("can i use my phone in the staff room at break",),
)
PUPIL_PHONES = Clause(
    id="phones-pupils",
    section="Phones",
    says="Pupils must not bring phones to school.",
    act="bringing a phone to school",
    stance=Stance.MUST_NOT,
    applies_to=(Party.PUPIL,),
    asked=("can pupils bring phones",),
)
VISITOR_PICTURES = Clause(
    id="photos-visitors",
    section="Pictures",
    says="Parents and visitors can take pictures at sports day once the office has said yes.",
    act="taking pictures at sports day",
    stance=Stance.MAY_IF,
    only_if="the office has said yes",
    applies_to=(Party.PARENT, Party.VISITOR),
    asked=("can mums and dads take pictures at sports day",),
)

PHONE_TENSION = Tension(
    between=(ON_SITE.id, AT_BREAK.id),
    says="One rule bans phones on the premises, another allows them in the staff room.",
    ask="line-manager",
)
CONDUCT = Policy(
    id="conduct",
    title="Conduct Policy",
    clauses=(FRIENDS, MESSAGES, FAMILY, PARENTS, OFFICIAL, CHAT, SCOPE, OWN_SLIP),
    version="2.1",
    issued="2026-01",
    review_due="2027-09",
)
PHONES = Policy(
    id="phones",
    title="Phone Policy",
    clauses=(IN_CLASS, ON_SITE, AT_BREAK, PUPIL_PHONES, VISITOR_PICTURES),
    tensions=(PHONE_TENSION,),
    issued="2019-02-04",
    review_due="2021-02",
)
HEAD = Contact("headteacher", "Headteacher", "Mrs A. Example", (Reach("phone", "01632 960001"),), example=True)
DSL = Contact("dsl", "Designated Safeguarding Lead", "Mr B. Example", (Reach("room", "Room 4"),))
SAFETY_LINE = wording.safety_line(DSL.title)
SCHOOL = School(
    id="oakwood",
    name="Oakwood School",
    jurisdiction=Jurisdiction.ENGLAND,
    contacts=MappingProxyType(
        unnamed_contacts(Jurisdiction.ENGLAND)
        | {"headteacher": HEAD, "dsl": DSL, "line-manager": Contact("line-manager", "Manager")}
    ),
    policies=(CONDUCT, PHONES),
    version="v1",
)
BARE_SCHOOL = replace(SCHOOL, id="bare", contacts=MappingProxyType(unnamed_contacts(Jurisdiction.ENGLAND)), policies=())

DANGER = ConcernKind(
    id="immediate-danger",
    title="Someone is in danger now",
    route=RouteName.CHILD,
    urgent=True,
    clauses_shown=False,
    contacts=("dsl", "deputy-dsl", "dsl"),
    advice=("Phone 999 first.", "Then tell the DSL."),
    source="ours",
    signs=("{someone} {has} a~knife", "gone~missing"),
)
IMAGES = ConcernKind(
    id="indecent-images",
    title="Nude pictures of a child",
    route=RouteName.CHILD,
    urgent=True,
    clauses_shown=False,
    contacts=("dsl",),
    advice=("Never look at it.",),
    source="ours",
    signs=("nude of pupil", "{someone} sent {me} nude"),
)
CONTACT = ConcernKind(
    id="pupil-contact",
    title="A pupil writes to you privately",
    route=RouteName.CHILD,
    urgent=False,
    clauses_shown=True,
    contacts=("dsl", "headteacher"),
    advice=("Do not reply.", "Tell the DSL today."),
    source="ours",
    signs=("{someone} keeps~messaging {me}",),
)
CATALOGUE = Catalogue(
    topics=(
        Topic(
            "friend-pupil", "Friends with pupils", "Friendships with pupils online", ("can i be friends with a pupil",)
        ),
        Topic("friend-parent", "Friends with parents", "Friendships with parents online", ("can i friend a parent",)),
        Topic("staff-chat", "Staff chat", "The group chat of the staff", ("do i need to join the staff chat",)),
        Topic("staff-phone", "My own phone", "Phones of staff in school", ("may i use my phone at school",)),
        Topic("nobody-asks", "A topic without questions", "Found by its title and description"),
    ),
    out_of_scope=(
        "what is for lunch today",
        "when do we get paid",
        "how do i book the minibus",
        "where is the stapler",
    ),
    lexicon=(Synonyms("social media", ("socials",)), Synonyms("instagram", ("insta", "the gram"), ("social media",))),
    concerns=(DANGER, IMAGES, CONTACT),
    sign_words=MappingProxyType(
        {"someone": ("pupil", "a boy", "a girl in reception"), "has": ("has", "hasn't got"), "me": ("me", "us")}
    ),
    concern_examples=MappingProxyType(
        {
            "immediate-danger": ("he is on the roof and will jump", "she swallowed a bottle of tablets"),
            "indecent-images": ("he passed round a picture of her with nothing on",),
            "pupil-contact": ("a pupil keeps writing to me at night",),
        }
    ),
    ordinary=("can i jump the queue at the roof garden cafe",),
)
BARE_CATALOGUE = Catalogue()


@cache
def shared() -> Shared:
    """Index the tiny catalogue."""
    return build_shared(CATALOGUE, VectorStore(LexicalEncoder()), Speller(ENGLISH))


@cache
def view() -> SchoolView:
    """Index the tiny school."""
    return view_of(SCHOOL)


def view_of(school: School, over: Shared | None = None) -> SchoolView:
    """Index a school, over the tiny catalogue or over another."""
    over = over or shared()
    return SchoolView(school, SchoolIndex(tuple(build_policy_index(policy, over) for policy in school.policies), over))


def view_with(*clauses: Clause) -> SchoolView:
    """Index a school whose only policy has these clauses."""
    return view_of(replace(SCHOOL, policies=(replace(CONDUCT, clauses=clauses),)))


def decider(sense: ConcernSense | None = None) -> Decider:
    """Return a decider over the tiny catalogue."""
    return Decider(LexicalEncoder(), LEXICAL, SafetyFloor(CATALOGUE), sense)


def learnt_sense() -> ConcernSense:
    """Return the sense learnt from the tiny catalogue."""
    sense = learn_sense(CATALOGUE, shared().store)
    assert sense is not None
    return sense


def sense_of(chance: float) -> ConcernSense:
    """Return a sense that gives every message the same chance of being a concern."""
    learnt = learnt_sense()
    live = learnt.live
    start = np.array([math.log(chance / (1 - chance))], dtype=np.float32)
    return replace(learnt, live=Weights(np.zeros_like(live.dense), np.zeros_like(live.sparse), start))


def asked(text: str, choice: str | None = None) -> Utterance:
    """Return an utterance at the tiny school."""
    return Utterance("u1", SCHOOL.id, text, choice)


def question(text: str = "can i ask you something") -> Question:
    """Analyse a question against the tiny catalogue."""
    return analyse(text, LexicalEncoder(), shared())


def ranking(confidence: float, shares: Mapping[Clause, float]) -> Ranking:
    """Return a ranking of clauses with these shares of the belief, in this order."""
    ranked = tuple(
        Ranked(clause, share, share, MappingProxyType({"clause": share})) for clause, share in shares.items()
    )
    return Ranking(ranked, confidence, MappingProxyType({}))


def case(
    confidence: float,
    shares: Mapping[Clause, float],
    *,
    choice: str | None = None,
    school: School = SCHOOL,
) -> Case:
    """Return a case in which the matcher is this sure of these clauses."""
    seen_by_bot = SchoolView(school, view().index)
    return Case(asked("may i", choice), seen_by_bot, TODAY, question(), ranking(confidence, shares))


def decide(text: str, choice: str | None = None, sense: ConcernSense | None = None, school: School = SCHOOL) -> Reply:
    """Ask the tiny school, or another, whole way through."""
    seen_by_bot = view() if school is SCHOOL else view_of(school)
    return decider(sense).decide(asked(text, choice), seen_by_bot, TODAY)


def shown(reply: Reply) -> list[str]:
    """List the ids of the clauses a reply shows."""
    return [one.clause.id for one in reply.clauses]


def roles(reply: Reply) -> list[str]:
    """List the roles of the contacts a reply names."""
    return [contact.role for contact in reply.contacts]
