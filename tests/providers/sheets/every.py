"""Every provider the conformance kit runs."""

from tests.providers.sheets import airtel, momo, mpesa, wave

SHEETS = (mpesa.SHEET, momo.SHEET, wave.SHEET, airtel.SHEET)
