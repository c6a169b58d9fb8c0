"""Every sentence Signpost says, a function or constant each; plain English, reading age about 12."""

from collections.abc import Sequence

from knowledge.model import Clause, ConcernKind, Contact, Party, Policy, RouteName, Stance

_LABELS = {
    Stance.MUST_NOT: "Not allowed",
    Stance.MUST: "Required",
    Stance.SHOULD_NOT: "Advised against",
    Stance.SHOULD: "Advised",
    Stance.MAY: "Allowed",
    Stance.INFO: "Good to know",
}
_PARTIES = {
    Party.STAFF: "staff",
    Party.GOVERNOR: "governors",
    Party.VOLUNTEER: "volunteers",
    Party.PARENT: "parents",
    Party.PUPIL: "pupils",
    Party.VISITOR: "visitors",
}

NO_MATCH = (
    "I could not find a rule on this in your school's policies. That does not mean it is allowed. "
    "Ask the person below before you act."
)
CLARIFY = (
    "Your question could be about more than one rule. Which do you mean? If it is none of these, ask the person below."
)
ANSWER = "This is what your school's policy says."
ANSWER_IN_PLAIN_WORDS = "This is what your school's policy says, put in plain words."
CONCERN = "This sounds as if someone may be at risk. Please do this now; do not wait for a reply here."
TELL_SOMEBODY = "Somebody should be told about this today. Here is what to do."
NOT_MEANT = "Sorry. Perhaps it is one of these? If not, ask a person."
NOT_MEANT_NOTHING = "Sorry. There is nothing nearer in your school's policies. Ask a person instead."
MISREAD = "Sorry, I misread that. If it is about a rule, ask again in other words, or ask the person below."
EMPTY_QUESTION = "The question is empty. Type what you would like to know."
OFFER_NOTICE = "Nobody has been told yet. Signpost tells nobody from here: you must tell a person yourself."
SAFETY_OPENING = "If a child may be at risk, do not look for a rule: tell your"
WHOLE_MESSAGE = "the message as a whole"
PLAIN_WORDS = "These are plain words, not the policy's own: its document is not attached here."
EXAMPLE_REGISTER = "The people named here are examples, made up for the model school."


def help_text(dsl_title: str) -> str:
    """Say what Signpost is for; `dsl_title` is what the school calls its DSL."""
    return (
        "I answer questions about your school's policies on social media, phones and online safety. Ask in your own "
        'words, for example "can I friend a parent?". You get a straight answer, the rule itself, and who to ask. '
        f"If you are worried about a child, tell your {_spoken(dsl_title)} in person now. In danger? Phone 999."
    )


def safety_line(dsl_title: str) -> str:
    """Say whom to tell, in case it is about a child at risk; `dsl_title` is what the school calls its DSL."""
    return f"{SAFETY_OPENING} {_spoken(dsl_title)} in person now. In danger now: phone 999."


def _spoken(title: str) -> str:
    """Leave out the letters that stand behind a title."""
    return title.partition(" (")[0]


def question_too_long(length: int, limit: int, dsl_title: str) -> str:
    """Say that a question is too long, and whom to tell, for nobody has read it."""
    return (
        f"The question has {length:,} characters; at most {limit:,} can be read. Shorten it and ask again. "
        f"{safety_line(dsl_title)}"
    )


def only_the_beginning(limit: int) -> str:
    """Say that of a long concern only the beginning was taken."""
    return f"Only the first {limit:,} characters of your message were taken. Tell the rest in person."


def concern(kind: ConcernKind) -> str:
    """Open a reply to a concern: calmly where no child is at risk (lost data, abuse of staff, a small worry)."""
    return TELL_SOMEBODY if kind.clauses_shown and kind.route is not RouteName.CHILD else CONCERN


def unknown_school(school: str, known: Sequence[str]) -> str:
    """Say that a school is not here, and which ones are."""
    there = ", ".join(sorted(known)) or "none"
    return f'There is no school "{school}" here. The schools here are: {there}.'


def verdict(clause: Clause, *, ask_first: bool = False) -> str:
    """Word a verdict as "label: act"; rules for others name them, and under a tension it says to ask first."""
    label = _label(clause, ask_first=ask_first)
    if _is_for_asker(clause):
        return f"{label}: {clause.act}"
    return f"{parties(clause.applies_to).capitalize()}: {label[0].lower()}{label[1:]}: {clause.act}"


def _is_for_asker(clause: Clause) -> bool:
    return Party.STAFF in clause.applies_to or not clause.applies_to


def _label(clause: Clause, *, ask_first: bool) -> str:
    if ask_first:
        return "Ask first"
    if clause.stance is Stance.MAY_IF:
        return f"Only if {clause.only_if}"
    return _LABELS[clause.stance]


def parties(listed: Sequence[Party]) -> str:
    """Name whom a rule is for: "parents and visitors"."""
    names = [_PARTIES[party] for party in listed]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def option_label(clause: Clause) -> str:
    """Word an option: what the clause is about, without its verdict."""
    label = clause.act if _is_for_asker(clause) else f"{parties(clause.applies_to)}: {clause.act}"
    return label[:1].upper() + label[1:]


def contact_name(contact: Contact) -> str:
    """Name a contact; without a known holder it is "your headteacher"."""
    if contact.name:
        return f"{contact.name}, {contact.title}"
    return f"your {_inside_sentence(contact.title)}"


def _inside_sentence(title: str) -> str:
    """Lower the first letter of a title, but not of a name ("Designated Safeguarding Lead", "IT support")."""
    first, *others = title.split()
    proper = first[1:2].isupper() or (bool(others) and all(word[0].isupper() or word[0] == "(" for word in others))
    return title if proper else title[:1].lower() + title[1:]


def taken_together(before: str) -> str:
    """Say that a follow-up was answered together with the question before it."""
    return f'I took this together with what you asked before: "{before}"'


def review_overdue(policy: Policy, due: str) -> str:
    """Say that a policy was due for review; `due` is the date as people say it."""
    return f'The "{policy.title}" was due for review in {due}. Check that it is still in force.'


def clause_place(clause: Clause, policy: Policy) -> str:
    """Say where a clause stands: section, title and version."""
    version = f", version {policy.version}" if policy.version else ""
    return f"{clause.section} ({policy.title}{version})"


def why_lead(clause: Clause, asked: str | None, likeness: float) -> str:
    """Say which example question brought a clause up."""
    if asked is None:
        return f'"{clause.id}" came first by its own text (likeness {likeness:.2f}).'
    return f'"{clause.id}" came first. Its nearest example question is "{asked}" (likeness {likeness:.2f}).'


def why_words(shared: Sequence[str]) -> str:
    """Say which words question and clause share."""
    return f"Words in common: {', '.join(shared)}." if shared else "They share no telling words."


def why_topic(title: str, score: float) -> str:
    """Say which topic the question is nearest to."""
    return f'The nearest topic is "{title}" ({score:.2f}).'


def why_runner_up(clause_id: str, share: float) -> str:
    """Say what came second."""
    return f'Second came "{clause_id}", with {share:.0%} of the belief.'


def why_confidence(confidence: float, threshold: float, out_of_scope: float) -> str:
    """Say how sure the matcher is, and what it needed."""
    return (
        f"The chance that the first clause is right is put at {confidence:.0%}; an answer needs {threshold:.0%}. "
        f"Likeness to questions no policy answers: {out_of_scope:.2f}."
    )


WHY_BAN_FIRST = "A ban stands before it: it is the rule from which the clause that came first is an exception."


def why_mended(mended: str) -> str:
    """Say how the spelling was read."""
    return f'Read as: "{mended}".'


def why_sign(category: str, sign: str) -> str:
    """Say which sign of a concern was seen."""
    return f'Seen as a concern ("{category}") by the sign "{sign}".'


TRYOUT_LOOPBACK_ONLY = (
    "The try-out answers this computer only. Open it as http://127.0.0.1 or http://localhost, followed by its port."
)
TRYOUT_NOT_FOUND = "There is no such page here. The try-out is on the front page."
TRYOUT_NOT_JSON = "Send the question as JSON, with the content type application/json."
TRYOUT_FIELDS = "Send a JSON object with the fields that this address needs."
TRYOUT_TOO_LARGE = (
    "That is far too much text for one question. Shorten it and ask again. If a child may be at risk, tell whoever "
    "leads on safeguarding in your school, in person, now. In danger now: phone 999."
)


def tryout_broke(error_id: str) -> str:
    """Say that the try-out failed, and whom to ask instead."""
    return (
        "Something went wrong here, and it is not your fault. Ask a colleague or your headteacher before you act. "
        "If a child may be at risk, tell whoever leads on safeguarding in your school, in person, now. "
        f"The error has the number {error_id}."
    )


TRYOUT_NAME = "You"
TRYOUT_WHO = '"who" is what the page calls you: 8 to 64 letters, digits and hyphens.'
TRYOUT_STANDING = '"standing" is "staff" or "outsider".'
TRYOUT_RESOLUTION = '"resolution" is "handled", "referred", "answered", "no-action" or "by-mistake".'


def tryout_needs(name: str) -> str:
    """Say that a request to the try-out lacks a text."""
    return f'This needs "{name}", a text.'
