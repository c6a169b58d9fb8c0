"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _make_escalations()
    _make_threads_and_logs()
    _make_deliveries()
    _make_conversations()
    _make_names()


def _make_escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("excluded", "told", "cards", "seen")),
        sa.Column("holder", sa.String()),
        sa.Column("holder_role", sa.String()),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        sa.Column("progress_at", sa.DateTime(timezone=True)),
        sa.Column("replied_role", sa.String()),
        sa.Column("replied_at", sa.DateTime(timezone=True)),
        sa.Column("resolved_at", sa.DateTime(timezone=True)),
        sa.Column("resolution", sa.String()),
        sa.Column("waiting_since", sa.DateTime(timezone=True)),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("chased", sa.Integer(), nullable=False),
        sa.Column("asked_again", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
        sa.UniqueConstraint("reference", name="uq_escalations_reference"),
        sa.UniqueConstraint("source", name="uq_escalations_source"),
    )
    _index_escalations()


def _index_escalations() -> None:
    op.create_index("ix_escalations_asker", "escalations", ["asker"])
    op.create_index("ix_escalations_next_at", "escalations", ["next_at"])
    op.create_index("ix_escalations_school", "escalations", ["school", "opened_at"])


def _make_threads_and_logs() -> None:
    op.create_table(
        "entries",
        sa.Column("escalation", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("role", sa.String()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["escalation"], ["escalations.id"], name="fk_entries_escalation", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("escalation", "number", name="pk_entries"),
    )
    op.create_table(
        "events",
        sa.Column("escalation", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("escalation", "seq", name="pk_events"),
    )
    op.create_table(
        "anchors",
        sa.Column("escalation", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(), nullable=False),
        sa.Column("dropped_at", sa.String()),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("escalation", name="pk_anchors"),
    )


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("escalation", sa.String(), nullable=False),
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.Integer()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("worker", sa.String()),
        sa.Column("message_id", sa.Text()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("fault", sa.Text()),
        sa.ForeignKeyConstraint(
            ["escalation"], ["escalations.id"], name="fk_deliveries_escalation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    _index_deliveries()


def _index_deliveries() -> None:
    op.create_index("ix_deliveries_escalation", "deliveries", ["escalation"])
    op.create_index(
        "ix_deliveries_queue",
        "deliveries",
        ["lane", sa.text("urgent DESC"), "created_at", "id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_deliveries_sent",
        "deliveries",
        ["lane", "settled_at"],
        sqlite_where=sa.text("state = 'sent'"),
        postgresql_where=sa.text("state = 'sent'"),
    )


def _make_conversations() -> None:
    op.create_table(
        "event_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_event_keys"),
    )
    op.create_table(
        "turns",
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reply", name="pk_turns"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("clause", sa.String()),
        sa.Column("words", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )


def _make_names() -> None:
    op.create_table(
        "people",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_people"),
    )
    op.create_table(
        "involvements",
        sa.Column("escalation", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation"], ["escalations.id"], name="fk_involvements_escalation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("escalation", "person", name="pk_involvements"),
    )
    op.create_index("ix_involvements_person", "involvements", ["person"])
    op.create_table(
        "kept",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_kept"),
    )
    op.create_index("ix_kept_kind", "kept", ["kind"])
    op.create_table(
        "installation",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation"),
    )
