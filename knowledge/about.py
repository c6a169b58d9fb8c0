"""The clause that answers questions about a policy itself: generated from its header fields, never written by hand."""

from knowledge.model import Clause, Policy, Stance

ABOUT_SUFFIX = "-about"
ABOUT_TOPIC = "about-policy"

_MONTHS = "January February March April May June July August September October November December".split()


def about_clause(policy: Policy) -> Clause:
    """Return the reserved clause `<policy>-about`: what the policy's header says, and what it leaves out."""
    return Clause(
        id=f"{policy.id}{ABOUT_SUFFIX}",
        section="About this policy",
        says=" ".join([*_given(policy), *_silent(policy)]),
        act=f"what the policy says about itself (version, dates, approval, review): {policy.title}",
        stance=Stance.INFO,
        topics=(ABOUT_TOPIC,),
        applies_to=policy.applies_to,
        quote=_header(policy),
    )


def spoken_date(date: str) -> str:
    """Return a YYYY-MM or YYYY-MM-DD date as people say it: "February 2021", "1 September 2026"."""
    year, month, *day = date.split("-")
    words = [str(int(day[0]))] if day else []
    return " ".join([*words, _MONTHS[int(month) - 1], year])


def _header(policy: Policy) -> str | None:
    """Cut the header fields and the version history out of the document, where it has them."""
    if policy.document is None or not policy.document.metadata_passages:
        return None
    numbers = sorted(policy.document.metadata_passages)
    return "\n".join(passage.text for number in numbers if (passage := policy.document.passage(number)))


def _given(policy: Policy) -> list[str]:
    version = f", version {policy.version}" if policy.version else ""
    issued = f", issued {spoken_date(policy.issued)}" if policy.issued else ""
    lines = [f'This is the "{policy.title}"{version}{issued}.']
    if policy.approved_by:
        lines.append(f"It was approved by: {policy.approved_by}.")
    if policy.owner:
        lines.append(f"It is looked after by: {policy.owner}.")
    if policy.review_due:
        lines.append(f"Its review is due: {spoken_date(policy.review_due)}.")
    parties = ", ".join(f"{party}s" if party not in {"staff"} else "staff" for party in policy.applies_to)
    lines.append(f"It applies to: {parties}.")
    return lines


def _silent(policy: Policy) -> list[str]:
    fields = {
        "which version it is": policy.version,
        "when it was issued": policy.issued,
        "who approved it": policy.approved_by,
        "who looks after it": policy.owner,
        "when it is due for review": policy.review_due,
    }
    missing = [name for name, value in fields.items() if not value]
    if not missing:
        return []
    listed = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} or {missing[-1]}"
    return [f"It does not say {listed}."]
