"""Every provider the conformance kit runs."""

from tests.providers.sheets import airtel, camtel, cards, momo, mpesa, ncba, orange, orange_cm, wave

SHEETS = (
    mpesa.SHEET,
    momo.SHEET,
    wave.SHEET,
    airtel.SHEET,
    orange.SHEET,
    orange_cm.SHEET,
    cards.SHEET,
    camtel.SHEET,
)
#: Ways out of systems no payer pays through.
BANKS = {"ncba": ncba.PAYOUTS}
