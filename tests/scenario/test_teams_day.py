"""The 8:40 question: what people ask in Teams, wherever they ask it, and what they read."""

from tests.scenario.teams_world import Served, bot_said

FRIEND = "can I friend a parent?"
VERDICT = "Advised against: sending friend requests to parents or accepting theirs"
QUOTE = "You should not send friend requests to parents or accept theirs."
ON_EVERY_ANSWER = ["reply:helped", "reply:not-meant", "reply:ask-a-person"]


async def test_a_question_in_the_own_chat_is_answered_there(teams_day: Served) -> None:
    """A teacher reads verdict, rule, source and whom to ask."""
    tess = teams_day.person("teacher")
    await tess.writes(FRIEND)
    (answer,) = bot_said(tess)
    assert answer.summary == VERDICT
    assert all(part in answer.words for part in (QUOTE, "Section: 8.1 Parents", "Version: 3.1"))
    assert answer.verbs == ON_EVERY_ANSWER
