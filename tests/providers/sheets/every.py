"""Every provider the conformance kit runs."""

from tests.providers.sheets import airtel, momo, mpesa, orange, wave

SHEETS = (mpesa.SHEET, momo.SHEET, wave.SHEET, airtel.SHEET, orange.SHEET)
