"""The shape of every YAML file of a pack, of the trust folder and of the catalogue.

One source for three things: what the loader accepts, what the JSON Schemas under `schemas/` tell an editor, and what
a fault says was expected (the field's description). YAML hands over strings only, so numbers and switches are read
from their text.
"""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from knowledge.model import Jurisdiction, Party, RouteName, Stance

_ID = r"^[a-z0-9][a-z0-9-]{0,62}$"
_DATE = r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$"
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
_TERM = f"^{_DAY}/{_DAY}$"
_ONE_DAY = f"^{_DAY}$"
_DIGEST = r"^[0-9a-f]{12}$"

# How a pattern reads in a fault.
PATTERNS = {
    _ID: 'it in lower-case letters, digits and hyphens, such as "friends-pupils"',
    _DATE: "the date as 2026-09 or 2026-09-01",
    _CLOCK: 'the time with four digits, such as "07:45"',
    _TERM: "the first and last day, such as 2026-09-02/2026-12-18",
    _ONE_DAY: "the day, such as 2026-09-01",
    _DIGEST: "the 12 letters and digits that `signpost kb coverage` prints beside the passage",
}


def _in_calendar(text: str) -> str:
    """Refuse days that no calendar has, such as 2026-02-31, and terms that end before they begin."""
    days = [date.fromisoformat(part if part.count("-") == 2 else f"{part}-01") for part in text.split("/")]
    if days != sorted(days):
        raise ValueError("the last day lies before the first")
    return text


Id = Annotated[str, Field(pattern=_ID, description="a short name of lower-case letters, digits and hyphens")]
Text = Annotated[str, Field(min_length=1, max_length=600)]
Phrase = Annotated[str, Field(min_length=1, max_length=200)]
Asked = Annotated[str, Field(min_length=2, max_length=400, description="a question as staff would type it")]
Date = Annotated[str, Field(pattern=_DATE, description="a date as YYYY-MM or YYYY-MM-DD"), AfterValidator(_in_calendar)]
Clock = Annotated[str, Field(pattern=_CLOCK, description='a time as "HH:MM"')]
Term = Annotated[
    str, Field(pattern=_TERM, description="first and last day as YYYY-MM-DD/YYYY-MM-DD"), AfterValidator(_in_calendar)
]
Day = Annotated[str, Field(pattern=_ONE_DAY, description="a day as YYYY-MM-DD"), AfterValidator(_in_calendar)]
Digest = Annotated[str, Field(pattern=_DIGEST, description="12 hex digits, as `kb coverage` prints them")]


def is_id(name: str) -> bool:
    """Tell whether a name can be the id of a school, clause or topic."""
    return re.fullmatch(_ID, name) is not None


class Shape(BaseModel):
    """A mapping in which every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReachShape(Shape):
    """One way to reach a person."""

    kind: Literal["phone", "email", "slack", "teams", "web", "room"] = Field(
        description="how: phone, email, slack, teams, web (an inbox of the try-out), room"
    )
    value: Phrase = Field(description="the number, address, id or room")


class ContactShape(Shape):
    """One role of the school's register."""

    name: Phrase | None = Field(None, description="who holds the role; leave empty if you would rather not say")
    title: Phrase | None = Field(None, description="what your school calls the role")
    reach: list[ReachShape] = Field([], description="ways to reach the holder, best first")
    deputy: Id | None = Field(None, description="the role that stands in")
    synonyms: list[Phrase] = Field([], description="other names staff use for the role")
    example: bool = Field(False, description="true where the holder is made up")
    away: list[Term] = Field(
        [], description="first and last day of each absence, as YYYY-MM-DD/YYYY-MM-DD; the deputy stands in"
    )
    left: Day | None = Field(
        None, description="the day, YYYY-MM-DD, from which nobody holds the role; take it out with the next holder"
    )


class RouteShape(Shape):
    """Who is told on one route."""

    people: list[Id] = Field(min_length=1, description="roles in the order in which they are told")
    place: dict[Literal["slack", "teams", "web"], Phrase] | None = Field(
        None, description="a private channel, by platform; with web, an inbox of the try-out"
    )


class HoursShape(Shape):
    """When the school is open."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        min_length=1, description="the days it is open"
    )
    opens: Clock = Field(alias="from", description='when it opens, "HH:MM"')
    closes: Clock = Field(alias="to", description='when it closes, "HH:MM"')
    terms: list[Term] = Field([], description="first and last day of each term")


class ConcernOverride(Shape):
    """What a school changes about one category of concern; what it leaves out stays as the catalogue has it."""

    urgent: bool | None = Field(None, description="true if someone must be told at any hour")
    route: Literal[RouteName.CHILD, RouteName.STAFF, RouteName.HEAD] | None = Field(None, description="who is told")
    contacts: list[Id] = Field([], description="roles to name, best first")
    says: list[Text] = Field([], description="what to do now, in your school's words, the most urgent line first")
    source: Text | None = Field(None, description="where that advice comes from")


class SchoolFile(Shape):
    """school.yaml: who the school is, whom to ask, and where it lives in the chat platform."""

    name: Phrase = Field(description="the school's name as staff say it")
    aliases: list[Phrase] = Field([], description="other names of the school")
    jurisdiction: Jurisdiction = Field(description="whose law applies")
    contacts: dict[Id, ContactShape] = Field({}, description="the role register: one entry a role")
    routes: dict[RouteName, RouteShape] = Field({}, description="who is told of a concern")
    hours: HoursShape | None = Field(None, description="when the school is open")
    admins: list[dict[Literal["slack", "teams", "web"], Phrase]] = Field([], description="who may change the knowledge")
    asks: dict[
        Literal["slack", "teams", "web"], dict[Literal["user_groups", "groups", "roles", "people"], list[Phrase]]
    ] = Field(
        {},
        description="who may ask, by platform: user_groups, groups, roles or people, each with a list of ids of that "
        "platform, such as {slack: {user_groups: [S0STAFF]}}; without it every full member of the platform may ask, "
        "and no guest; whoever holds a role under contacts always may",
    )
    belongs: list[dict[Literal["slack_team", "slack_channel", "teams_tenant", "teams_team"], Phrase]] = Field(
        [], description="the workspaces, tenants, teams and channels that are this school's"
    )
    concerns: dict[Id, ConcernOverride] = Field({}, description="changes to the categories of concern")
    words_in_notices: bool = Field(False, description="true if a concern's words may stand in its notices")
    locked: list[Id] = Field([], description="trust folder only: clause and role ids a school may not override")


class LocatorShape(Shape):
    """Where the clause stands in the attached document."""

    passages: list[Annotated[int, Field(ge=1, le=9999)]] = Field(
        min_length=1, max_length=3, description="one to three passage numbers next to each other"
    )
    digest: Digest | None = Field(None, description="12 hex digits, as `kb coverage` prints them")


class ClauseShape(Shape):
    """One clause of a policy."""

    id: Id = Field(description="a short name, unique in the school")
    section: Phrase = Field(description="the heading it stands under, with its number if it has one")
    says: Text = Field(description="the rule in plain words of your own, one or two sentences")
    act: Phrase = Field(description='what it is about, so that "Not allowed: ..." reads well before it')
    stance: Stance = Field(description="how it stands to the act")
    only_if: Phrase | None = Field(None, description='with stance may-if: the condition, after "Only if"')
    topics: list[Id] = Field([], description="ids of topics in the catalogue")
    applies_to: list[Party] = Field([], description="whom it binds; leave out for everyone the policy applies to")
    contacts: list[Id] = Field([], description="roles to ask or tell, best first")
    asked: list[Asked] = Field([], description="questions as staff would type them; the more varied the better")
    locator: LocatorShape | None = Field(None, description="where it stands in the attached document")


class TensionShape(Shape):
    """Clauses that pull apart."""

    between: list[Id] = Field(min_length=2, description="ids of the clauses that pull apart")
    says: Text = Field(description="what pulls apart, in plain words")
    ask: Id = Field(description="the role to ask")


class PolicyFile(Shape):
    """policies/<id>.yaml: one policy, its header fields and its clauses."""

    title: Phrase = Field(description="the policy's title")
    version: Phrase | None = Field(None, description="the version it prints")
    issued: Date | None = Field(None, description="when it was issued, YYYY-MM or YYYY-MM-DD")
    approved_by: Phrase | None = Field(None, description="who approved it")
    owner: Phrase | None = Field(None, description="who looks after it")
    review_due: Date | None = Field(None, description="when it is due for review, YYYY-MM or YYYY-MM-DD")
    applies_to: list[Party] = Field([Party.STAFF], min_length=1, description="whom the policy binds")
    clauses: list[ClauseShape] = Field(description="the clauses, in the document's order")
    tensions: list[TensionShape] = Field([], description="clauses that pull apart")


class QuestionShape(Shape):
    """One row of a question set."""

    q: Asked = Field(description="a question as staff would type it")
    finds: list[Id] = Field([], description="clause ids, any of which is right")
    outcome: Literal["answer", "clarify", "concern", "no_match", "help"] = Field("answer", description="what must come")
    known_failure: Phrase | None = Field(None, description="why it is known to fail")


class TopicShape(Shape):
    """A thing staff ask about."""

    id: Id = Field(description="a short name, unique in the catalogue")
    title: Phrase = Field(description="what a button shows")
    description: Text = Field(description="what belongs to it")
    asked: list[Asked] = Field([], description="questions as staff would type them")


class TopicsFile(Shape):
    """catalogue/topics/<group>.yaml."""

    topics: list[TopicShape]


class OutOfScopeGroup(Shape):
    """Messages of one kind that no policy answers."""

    kind: Id
    asked: list[Asked] = Field(min_length=1, description="messages no policy of a school answers")


class OutOfScopeFile(Shape):
    """catalogue/out_of_scope.yaml."""

    out_of_scope: list[OutOfScopeGroup]


class SynonymsShape(Shape):
    """One group of the lexicon."""

    means: Phrase = Field(description="the word a policy would use")
    also: list[Phrase] = Field(min_length=1, description="what staff type instead")
    kind_of: list[Phrase] = Field([], description="wider words")


class LexiconFile(Shape):
    """catalogue/lexicon.yaml."""

    lexicon: list[SynonymsShape]


class ConcernShape(Shape):
    """One category of concern."""

    id: Id
    title: Phrase = Field(description="what it is called")
    route: Literal[RouteName.CHILD, RouteName.STAFF, RouteName.HEAD] = Field(description="who is told")
    urgent: bool = Field(description="true if someone must be told at any hour")
    clauses_shown: bool = Field(description="true if the policy's clause may stand beside the advice")
    contacts: list[Id] = Field(min_length=1, description="roles to name, best first")
    advice: list[Text] = Field(min_length=1, description="what to do now, the most urgent line first")
    source: Text = Field(description="where the advice comes from")
    beside: list[Id] = Field([], description="roles told besides the route, by direct message")
    signs: list[Phrase] = Field([], description='phrases such as "{family} {hits}"')


class AdviceShape(Shape):
    """What to do now about one category of concern, where another law applies than England's."""

    contacts: list[Id] = Field([], description="roles to name, best first; leave out to name England's")
    says: list[Text] = Field(min_length=1, description="what to do now, the most urgent line first")
    source: Text = Field(description="where the advice comes from")


class AdviceFile(Shape):
    """catalogue/advice/<jurisdiction>.yaml: what to do now, outside England."""

    jurisdiction: Jurisdiction = Field(description="whose law applies")
    advice: dict[Id, AdviceShape] = Field(description="one entry a category of concern")


class ConcernsFile(Shape):
    """catalogue/concerns.yaml."""

    concerns: list[ConcernShape]
    words: dict[str, list[Phrase]] = Field({}, description="the word lists that {names} in signs stand for")


class ConcernExamplesFile(Shape):
    """catalogue/concern_examples/*.yaml."""

    concerns: dict[Id, list[Asked]] = Field(description="messages that tell of something live, by category")
    ordinary: list[Asked] = Field(description="messages that sound like a concern and are none")


# Each kind of file, by the name of its schema. questions.yaml is a list of QuestionShape.
FILES: dict[str, type[Shape]] = {
    "school": SchoolFile,
    "policy": PolicyFile,
    "topics": TopicsFile,
    "out_of_scope": OutOfScopeFile,
    "lexicon": LexiconFile,
    "concerns": ConcernsFile,
    "advice": AdviceFile,
    "concern_examples": ConcernExamplesFile,
}
