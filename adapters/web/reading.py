"""Reads what a request brings: every text by its name, and who asks."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from adapters.web.channel import PLATFORM
from bot import wording
from bot.errors import BotError
from bot.escalation.authority import Standing
from bot.escalation.model import Person
from bot.types import Asker

_WHO = re.compile(r"[A-Za-z0-9-]{8,64}")
_LONGEST_NAME = 60


class FieldsError(BotError):
    """A request does not bring what it must; the text says what."""

    code = "bad_request"


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a request."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a text. Raises FieldsError where it is missing or something else."""
        found = self.maybe(name)
        if found is None:
            raise FieldsError(wording.tryout_needs(name))
        return found

    def maybe(self, name: str) -> str | None:
        """Return a text, None where it is missing. Raises FieldsError where it is something else."""
        found = self.values.get(name)
        if not isinstance(found, str | None):
            raise FieldsError(wording.tryout_needs(name))
        return found.encode(errors="replace").decode() if found is not None else None


async def fields_of(request: web.Request) -> Fields:
    """Read a JSON body. Raises FieldsError for another shape, and 415 for another kind of body."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        found = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise FieldsError(wording.TRYOUT_FIELDS) from error
    if not isinstance(found, dict):
        raise FieldsError(wording.TRYOUT_FIELDS)
    return Fields(found)


def asker_of(fields: Fields) -> Asker:
    """Return who asks. The page makes `who` up; no inbox of the school can be called so."""
    who = fields.text("who")
    if not _WHO.fullmatch(who):
        raise FieldsError(wording.TRYOUT_WHO)
    name = " ".join((fields.maybe("name") or "").split())[:_LONGEST_NAME] or wording.TRYOUT_NAME
    try:
        standing = Standing(fields.maybe("standing") or Standing.STAFF)
    except ValueError as error:
        raise FieldsError(wording.TRYOUT_STANDING) from error
    return Asker(Person(PLATFORM, f"asker:{who}", name), who, standing)
