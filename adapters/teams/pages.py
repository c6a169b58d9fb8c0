"""The one page that Signpost serves to everybody: its privacy notice and terms, which Teams links to from the app.

It is the same for every school and holds nothing of any: what it says of keeping is docs/escalations.md in short.
"""

import base64
import hashlib
from html import escape

from aiohttp import web

from adapters.teams.manifest import PRIVACY_PATH

TITLE = "Signpost: privacy and terms"
INTRODUCTION = (
    "Signpost answers school staff from their own school’s policies. Your school or trust runs it, and is responsible "
    "for what happens with what you write: its own privacy notice and its data protection officer come first. This "
    "page says what Signpost itself does.",
    "If anyone is in danger now, phone 999. Signpost is no emergency service.",
)
HEARS = (
    "What you write to Signpost in its own chat, what you write in a channel or group chat in a message that mentions "
    "it, and a message that you hand to it yourself. Nothing else that is said in Teams reaches it.",
    "Who you are: your name and your ids in Microsoft 365, to know that you are staff and to answer you.",
    "It does not open, fetch or keep files or pictures that somebody sends.",
)
KEPT = (
    ("A question that was answered, for its buttons and for “and at lunch?”", "encrypted", "24 hours"),
    ("A question that found no rule or did not help", "without names, numbers and who asked", "30 days"),
    ("A concern or question passed on, and replies to it", "encrypted", "30 days after it is resolved"),
    ("Who raised it", "encrypted, behind a pseudonym", "as long as its words"),
    ("When it was passed on, seen and resolved, and by which role", "no words, no names", "1 year"),
    ("That a message has been answered", "no words, no names", "7 days"),
    ("Where Signpost can reach a chat", "ids of Microsoft 365, no words", "until Signpost is removed from it"),
)
READS = (
    "A question about the policies: nobody but you, unless you ask it in a channel or group chat. Those who look after "
    "Signpost at your school see what found no rule, without names and without who asked.",
    "A concern: those whom the card names before you send it. Where a child may be in danger now it is passed on at "
    "once, and the receipt says to whom.",
    "Whoever runs your school’s Microsoft 365 can read what passes through Teams, as with any message there; Microsoft "
    "processes it for your school. Signpost hands it to nobody else: answers are found on your school’s own computer, "
    "and no artificial intelligence in the cloud reads along.",
)
RIGHTS = (
    "To see, correct or erase what is kept about you, or to object to it, ask your school’s data protection officer. "
    "You can complain to the Information Commissioner’s Office.",
)
TERMS = (
    "Signpost is for the staff of schools whose policies it holds.",
    "It quotes those policies. It is not legal advice, and the policy itself always decides.",
    "It is not a safeguarding record. Log a concern in your school’s own system as well, and speak to your Designated "
    "Safeguarding Lead in person.",
    "It is offered as it is, without warranty, under the Apache License 2.0.",
)
_STYLE = (
    ":root{color-scheme:light dark;font:1.05rem/1.5 system-ui,sans-serif}"
    "body{max-width:44rem;margin:0 auto;padding:1rem}"
    "dt{font-weight:bold;margin-top:.6rem}dd{margin:0}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=3600",
}


def add_pages(router: web.UrlDispatcher) -> None:
    """Serve the page beside whatever else is listened for."""
    router.add_get(PRIVACY_PATH, _privacy)


def privacy_page() -> str:
    """Return the page."""
    kept = "".join(f"<dt>{escape(what)}</dt><dd>{escape(how)}; {escape(time)}</dd>" for what, how, time in KEPT)
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(TITLE)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(TITLE)}</h1>{_paragraphs(INTRODUCTION)}"
        f"{_section('hears', 'What Signpost hears', HEARS)}"
        f'<h2 id="kept">What it keeps, how, and for how long</h2><dl>{kept}</dl>'
        f"{_section('reads', 'Who can read it', READS)}{_section('rights', 'Your rights', RIGHTS)}"
        f"{_section('terms', 'Terms of use', TERMS)}</main></body></html>"
    )


async def _privacy(_request: web.Request) -> web.Response:
    return web.Response(text=privacy_page(), content_type="text/html", headers=_HEADERS)


def _section(anchor: str, title: str, paragraphs: tuple[str, ...]) -> str:
    return f'<h2 id="{anchor}">{escape(title)}</h2>{_paragraphs(paragraphs)}'


def _paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
