"""The key pair initiators' passwords are sealed under, and its certificate, long out of date.

Safaricom's published certificates are past their dates too: only the key in them counts.
"""

import base64
import binascii
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "apicrypt.simulated.example")])
_FROM, _UNTIL = datetime(2019, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)


class Vault:
    """One key pair, made when first needed and kept in `file` where there is one."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    @cached_property
    def certificate(self) -> str:
        """The public certificate, PEM."""
        public = self._key.public_key()
        made = x509.CertificateBuilder(
            issuer_name=_NAME,
            subject_name=_NAME,
            public_key=public,
            serial_number=1,
            not_valid_before=_FROM,
            not_valid_after=_UNTIL,
        ).sign(self._key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM).decode()

    @cached_property
    def public_key(self) -> str:
        """The public key alone, PEM."""
        public = self._key.public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return public.public_bytes(serialization.Encoding.PEM, form).decode()

    def opened(self, credential: str) -> str | None:
        """The password in a SecurityCredential; None for anything not sealed to us."""
        try:
            sealed = base64.b64decode(credential, validate=True)
            return self._key.decrypt(sealed, PKCS1v15()).decode()
        except (binascii.Error, ValueError):
            return None

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        if self._file and self._file.exists():
            kept = serialization.load_pem_private_key(self._file.read_bytes(), password=None)
            if isinstance(kept, rsa.RSAPrivateKey):
                return kept
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if self._file:
            self._keep(self._file, made)
        return made

    @staticmethod
    def _keep(file: Path, key: rsa.RSAPrivateKey) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
