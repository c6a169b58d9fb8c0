"""Every sentence and label of the home tab."""

TOPICS = "What the policies say"
PICK_TOPIC = "Pick a topic"
CONTACTS = "Your people"
RAISED = "What you have raised"
DESK = "Waiting for you"
KNOWLEDGE = "Knowledge you look after"
ASK_ME = "Ask me anything about your school’s policies: write to me under Messages, or type /policy and your question."
TOPIC_GONE = "Your school’s policies say nothing about this any more. Open the home tab again."
NOT_STAFF_THERE = "You are not known here as one of that school’s staff, so I cannot answer you for it."


def more_rules(count: int) -> str:
    """Say that there are more rules than fit."""
    return f"And {count} more. Ask me about them: write to me under Messages."


def ask_first(who: str) -> str:
    """Say whom to ask where rules pull apart."""
    return f"Ask {who}."
