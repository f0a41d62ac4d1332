"""Who acts for an organisation: the initiator's password under Safaricom's public key."""

import base64

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


class BadCertificate(ValueError):
    """The certificate is no PEM of an RSA key, or its key is too short for the password."""


def security_credential(certificate_pem: str, password: str) -> str:
    """The password alone under RSA with PKCS #1 v1.5 padding, in base64.

    Only the key is read: the certificates Safaricom publishes are past their dates and no
    chain leads to them (contract section 1). Raises BadCertificate.
    """
    try:
        key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise BadCertificate("the certificate cannot be read") from None
    if not isinstance(key, RSAPublicKey):
        raise BadCertificate("the certificate holds no RSA key")
    try:
        return base64.b64encode(key.encrypt(password.encode(), PKCS1v15())).decode()
    except ValueError:  # its text may quote the password
        raise BadCertificate("the password is too long for the key") from None
