"""The tariffs that may be in force, read in the caller's scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from models.ids import PLATFORM_ORG
from models.tariff import BorneBy, Tariff, TariffCode

if TYPE_CHECKING:
    from runtime.database import Connection

_KNOWN = "select * from tariffs where valid_from <= %s order by code, valid_from, from_minor"


async def tariffs_at(connection: "Connection", at: datetime) -> Sequence[Tariff]:
    """Every band that had begun at `at`: the organisation's own and the default."""
    rows = await (await connection.execute(_KNOWN, [at])).fetchall()
    return [
        Tariff(
            code=TariffCode(row["code"]),
            currency=row["currency"],
            from_minor=row["from_minor"],
            to_minor=row["to_minor"],
            fee_minor=row["fee_minor"],
            valid_from=row["valid_from"],
            basis_points=row["basis_points"],
            tax_basis_points=row["tax_basis_points"],
            tax_kind=row["tax_kind"],
            borne_by=BorneBy(row["borne_by"]),
            own=row["org_id"] != PLATFORM_ORG,
        )
        for row in rows
    ]
