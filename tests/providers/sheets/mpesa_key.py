"""The key initiators' passwords are sealed under in tests, and its certificate."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate() -> str:
    """Past its dates, as Safaricom's is."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "apicrypt.example")])
    then = datetime(2019, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key().public_key(),
        serial_number=7,
        not_valid_before=then,
        not_valid_after=then + timedelta(days=365),
    ).sign(key(), hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()
