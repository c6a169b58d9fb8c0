"""Silences what the SDK and the listener print: they hold whole requests, and with them what people wrote."""

import logging
import sys

_LIBRARIES = ("slack_bolt", "slack_sdk")
# Of a request that is no HTTP it prints the line at fault, whoever sent it.
_LISTENER = "aiohttp.server"
_own = logging.getLogger("signpost.slack.sdk")


class _Wordless(logging.Filter):
    """Leaves of a record where it came from and how bad it is, nothing else (RS-88)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take everything out of a record that could hold a word or a token; below a warning, the record itself."""
        if record.levelno < logging.WARNING:
            return False
        kind = record.exc_info[0] if record.exc_info else None
        whose = "HTTP listener" if record.name == _LISTENER else "Slack library"
        record.msg = f"the {whose} reports {record.levelname.lower()} at {record.module}:{record.lineno}" + (
            f" ({kind.__name__})" if kind else ""
        )
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return True


_filter = _Wordless()


def quiet_logger() -> logging.Logger:
    """Return a logger for the SDK that says that something went wrong and where, never what was sent."""
    # A filter holds for one logger alone, and not for those beneath it: the library names them after its modules.
    beneath = [name for name in list(sys.modules) if name.partition(".")[0] in _LIBRARIES]
    for name in (*_LIBRARIES, *beneath, _own.name, _LISTENER):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        if _filter not in logger.filters:
            logger.addFilter(_filter)
    return _own
