"""Every column that holds sealed values, and what its values are bound to.

A test compares this with the schema: a column that is missing would be lost when a data key is.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedColumn:
    """`field`: SQL that gives the field a value was sealed for. `key`: the primary key."""

    table: str
    column: str
    field: str
    key: tuple[str, ...] = ("id",)


SEALED_COLUMNS = (
    SealedColumn(table="attempts", column="payer_sealed", field="'payer'"),
    SealedColumn(table="starts", column="payload_sealed", field="'start'"),
    SealedColumn(table="inbox", column="payload_sealed", field="'inbox'"),
    SealedColumn(
        table="idempotency_keys",
        column="body",
        field="'response'",
        key=("org_id", "livemode", "method", "path", "key"),
    ),
    SealedColumn(table="webhook_endpoints", column="secret_sealed", field="'webhook_secret'"),
    SealedColumn(
        table="webhook_endpoints", column="previous_secret_sealed", field="'webhook_secret'"
    ),
    SealedColumn(table="credentials", column="fields_sealed", field="'credential/' || kind"),
    SealedColumn(table="authorised_users", column="phone_sealed", field="'user_phone'"),
    SealedColumn(table="authorised_users", column="email_sealed", field="'user_email'"),
    SealedColumn(
        table="payout_policies",
        column="automatic_sealed",
        field="'payee'",
        key=("org_id", "livemode"),
    ),
    SealedColumn(table="payees", column="payee_sealed", field="'payee'", key=("saga_id",)),
    SealedColumn(table="payees", column="holder_sealed", field="'payee'", key=("saga_id",)),
    SealedColumn(table="messages", column="to_sealed", field="'message_to'"),
    SealedColumn(table="messages", column="body_sealed", field="'message_body'"),
    SealedColumn(table="messages", column="subject_sealed", field="'message_subject'"),
    SealedColumn(
        table="payer_contacts",
        column="phone_sealed",
        field="'payer_contact_phone'",
        key=("checkout_id",),
    ),
    SealedColumn(
        table="payer_contacts",
        column="email_sealed",
        field="'payer_contact_email'",
        key=("checkout_id",),
    ),
    SealedColumn(
        table="escrow_parts",
        column="note_sealed",
        field="'escrow_note'",
        key=("saga_id", "number"),
    ),
    SealedColumn(
        table="escrow_disputes",
        column="reason_sealed",
        field="'escrow_note'",
        key=("saga_id", "number"),
    ),
    SealedColumn(
        table="escrow_disputes",
        column="word_sealed",
        field="'escrow_note'",
        key=("saga_id", "number"),
    ),
    SealedColumn(
        table="payout_files", column="content_sealed", field="'payout_file'", key=("batch_id",)
    ),
    SealedColumn(table="payout_rows", column="payee_sealed", field="'payout_row'"),
)
