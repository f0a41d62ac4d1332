"""Every provider the conformance kit runs."""

from tests.providers.sheets import momo, mpesa

SHEETS = (mpesa.SHEET, momo.SHEET)
