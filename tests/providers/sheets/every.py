"""Every provider the conformance kit runs."""

from tests.providers.sheets import airtel, cards, momo, mpesa, ncba, orange, wave

SHEETS = (mpesa.SHEET, momo.SHEET, wave.SHEET, airtel.SHEET, orange.SHEET, cards.SHEET)
#: Ways out of systems no payer pays through.
BANKS = {"ncba": ncba.PAYOUTS}
