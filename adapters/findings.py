"""What `signpost doctor` finds: whether something is in order, and a sentence that says what."""

Finding = tuple[bool, str]
_WARNING = "warning: "


def warning(text: str) -> Finding:
    """Return what an admin should know although nothing is broken."""
    return True, f"{_WARNING}{text}"


def as_line(good: bool, text: str) -> str:
    """Return a finding as a line of the terminal."""
    if good and text.startswith(_WARNING):
        return f"warn  {text.removeprefix(_WARNING)}"
    return f"{'ok  ' if good else 'MEND'}  {text}"
