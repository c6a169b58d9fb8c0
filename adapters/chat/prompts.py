"""The questions that every chat platform suggests to somebody who opens Signpost for the first time."""

PROMPTS = (
    ("Friend requests", "Can I accept a friend request from a parent?"),
    ("My own phone", "Is it ok to keep my phone in my pocket while I teach?"),
    ("Photos of pupils", "May I take photos of pupils with my own phone?"),
    ("Talking about work", "I had an awful day, may I moan about it online without names?"),
)
