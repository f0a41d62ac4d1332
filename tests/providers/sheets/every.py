"""Every provider the conformance kit runs."""

from tests.providers.sheets import airtel, cards, momo, mpesa, wave

SHEETS = (mpesa.SHEET, momo.SHEET, wave.SHEET, airtel.SHEET, cards.SHEET)
