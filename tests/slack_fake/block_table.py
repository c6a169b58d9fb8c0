"""Block Kit as a table: every block and element the fake accepts, with its limits.

Sources: slack_sdk.models of 3.47 and RS-13; `header` 150, view titles 24 and option values 150 from Slack's reference.
"""

from tests.slack_fake.block_grammar import (
    Rule,
    Shape,
    anything,
    flag,
    items,
    one_of,
    record,
    string,
    text,
    typed,
    whole,
)

OPTION = record(Shape({"text": text(75), "value": string(150, 1)}, {"description": text(75), "url": string(3000)}))
GROUP = record(Shape({"label": text(75, plain=True), "options": items(OPTION, 100)}))
CONFIRM = record(
    Shape(
        {"title": text(100, plain=True), "text": text(300)},
        {
            "confirm": text(30, plain=True),
            "deny": text(30, plain=True),
            "style": one_of("primary", "danger"),
        },
    )
)
ACTION: dict[str, Rule] = {"action_id": string(255, 1), "confirm": CONFIRM}
FIELD: dict[str, Rule] = {"action_id": string(255, 1), "placeholder": text(150, plain=True), "focus_on_load": flag}
STYLE = one_of("primary", "danger")
OPTIONS: dict[str, Rule] = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}
MANY: dict[str, Rule] = {"max_selected_items": whole(1, 100)}
DISPATCH: dict[str, Rule] = {"dispatch_action_config": anything}
LENGTHS: dict[str, Rule] = {"min_length": whole(0, 3000), "max_length": whole(1, 3000)}

_SELECTS: dict[str, Shape] = {
    "static_select": Shape({}, {**FIELD, **OPTIONS, "confirm": CONFIRM, "initial_option": OPTION}),
    "external_select": Shape({}, {**FIELD, "confirm": CONFIRM, "initial_option": OPTION, "min_query_length": anything}),
    "multi_static_select": Shape(
        {}, {**FIELD, **OPTIONS, **MANY, "confirm": CONFIRM, "initial_options": items(OPTION, 100)}
    ),
    "users_select": Shape({}, {**FIELD, "confirm": CONFIRM, "initial_user": string(255)}),
    "multi_users_select": Shape({}, {**FIELD, **MANY, "confirm": CONFIRM, "initial_users": anything}),
    "conversations_select": Shape(
        {},
        {
            **FIELD,
            "confirm": CONFIRM,
            "initial_conversation": string(255),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": anything,
        },
    ),
    "multi_conversations_select": Shape(
        {},
        {
            **FIELD,
            **MANY,
            "confirm": CONFIRM,
            "initial_conversations": anything,
            "default_to_current_conversation": flag,
            "filter": anything,
        },
    ),
    "channels_select": Shape(
        {}, {**FIELD, "confirm": CONFIRM, "initial_channel": string(255), "response_url_enabled": flag}
    ),
    "multi_channels_select": Shape({}, {**FIELD, **MANY, "confirm": CONFIRM, "initial_channels": anything}),
}
_CHOICES: dict[str, Shape] = {
    "radio_buttons": Shape({"options": items(OPTION, 10)}, {**ACTION, "initial_option": OPTION, "focus_on_load": flag}),
    "checkboxes": Shape(
        {"options": items(OPTION, 10)}, {**ACTION, "initial_options": items(OPTION, 10), "focus_on_load": flag}
    ),
    "datepicker": Shape({}, {**FIELD, "confirm": CONFIRM, "initial_date": string(10)}),
    "timepicker": Shape({}, {**FIELD, "confirm": CONFIRM, "initial_time": string(5), "timezone": string(100)}),
    "datetimepicker": Shape({}, {**ACTION, "initial_date_time": anything, "focus_on_load": flag}),
}
_BUTTONS: dict[str, Shape] = {
    "button": Shape(
        {"text": text(75, plain=True)},
        {
            **ACTION,
            "value": string(2000),
            "url": string(3000),
            "style": STYLE,
            "accessibility_label": string(75),
        },
    ),
    "overflow": Shape({"options": items(OPTION, 5)}, ACTION),
}
_FIELDS: dict[str, Shape] = {
    "plain_text_input": Shape({}, {**FIELD, **LENGTHS, **DISPATCH, "initial_value": string(3000), "multiline": flag}),
    "email_text_input": Shape({}, {**FIELD, **DISPATCH, "initial_value": string(3000)}),
    "url_text_input": Shape({}, {**FIELD, **DISPATCH, "initial_value": string(3000)}),
    "number_input": Shape(
        {"is_decimal_allowed": flag},
        {**FIELD, **DISPATCH, "initial_value": anything, "min_value": anything, "max_value": anything},
    ),
}
IMAGE = Shape({"alt_text": string(2000, 1)}, {"image_url": string(3000), "slack_file": anything})
ELEMENTS = {**_SELECTS, **_CHOICES, **_BUTTONS, **_FIELDS, "image": IMAGE}
IN_ACTIONS = typed(ELEMENTS, *_SELECTS, *_CHOICES, *_BUTTONS)
IN_INPUT = typed(ELEMENTS, *_SELECTS, *_CHOICES, *_FIELDS)
IN_SECTION = typed(ELEMENTS, *_SELECTS, *_CHOICES, *_BUTTONS, "image")
CONTEXT = {
    "image": IMAGE,
    "plain_text": Shape({"text": string(3000, 1)}, {"emoji": flag}),
    "mrkdwn": Shape({"text": string(3000, 1)}, {"verbatim": flag}),
}
BLOCK: dict[str, Rule] = {"block_id": string(255, 1)}
BLOCKS: dict[str, Shape] = {
    "actions": Shape({"elements": items(IN_ACTIONS, 25)}, BLOCK),
    "context": Shape({"elements": items(typed(CONTEXT, *CONTEXT), 10)}, BLOCK),
    "divider": Shape({}, BLOCK),
    "header": Shape({"text": text(150, plain=True)}, BLOCK),
    "image": Shape(IMAGE.required, {**IMAGE.optional, **BLOCK, "title": text(2000, plain=True)}),
    "input": Shape(
        {"label": text(2000, plain=True), "element": IN_INPUT},
        {**BLOCK, "hint": text(2000, plain=True), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": Shape({"text": string(12_000, 1)}, BLOCK),
    "rich_text": Shape({"elements": items(anything, 1000)}, BLOCK),
    "section": Shape(
        {},
        {**BLOCK, "text": text(3000), "fields": items(text(2000), 10), "accessory": IN_SECTION, "expand": flag},
    ),
}
IN_MESSAGE = typed(BLOCKS, *BLOCKS)
IN_VIEW = typed(BLOCKS, *(kind for kind in BLOCKS if kind != "markdown"))
VIEW_TEXT = text(24, plain=True)
_COMMON: dict[str, Rule] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
MODAL = record(
    Shape(
        {"type": anything, "title": VIEW_TEXT, "blocks": items(IN_VIEW, 100)},
        {
            **_COMMON,
            "submit": VIEW_TEXT,
            "close": VIEW_TEXT,
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    )
)
HOME = record(Shape({"type": anything, "blocks": items(IN_VIEW, 100)}, _COMMON))
