"""Two key services behind one door: AWS KMS's JSON protocol and Vault's transit engine.

Keys live in memory. A wrap opens with the context it was made with and no other; a rotated
key still opens what its older versions wrapped. AWS requests must be signed.
"""

import base64
import hashlib
import hmac
import json
import os
import re
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import FastAPI, Request, Response

ACCESS_KEY, SECRET_KEY, TOKEN = "SIMACCESSKEY", "sim-secret-key", "sim-transit-token"
_SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([\w-]+)/kms/aws4_request, "
    r"SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})"
)


class Kms:
    """Keys by name, each a list of versions. `down`: every call is answered 503."""

    def __init__(self) -> None:
        self._keys: dict[str, list[bytes]] = {}
        self.down = False
        self.calls: list[str] = []

    def rotate(self, name: str) -> None:
        """A new version; what older ones wrapped still opens."""
        self._versions(name).append(os.urandom(32))

    def app(self) -> FastAPI:
        """Both protocols, at / and at /v1/transit."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_api_route("/", self._aws, methods=["POST"])
        app.add_api_route("/v1/transit/{action}/{name}", self._transit, methods=["POST"])
        return app

    async def _aws(self, request: Request) -> Response:
        body = await request.body()
        action = request.headers.get("x-amz-target", "").removeprefix("TrentService.")
        self.calls.append(action)
        if self.down:
            return Response(status_code=503)
        if not _signature_holds(request, body):
            return _refused("InvalidSignatureException")
        asked = json.loads(body)
        context = json.dumps(asked.get("EncryptionContext", {}), sort_keys=True).encode()
        name = asked["KeyId"]
        if action == "Encrypt":
            blob = self._wrap(name, base64.b64decode(asked["Plaintext"]), context)
            return _json({"KeyId": name, "CiphertextBlob": base64.b64encode(blob).decode()})
        plain = self._unwrap(name, base64.b64decode(asked["CiphertextBlob"]), context)
        if plain is None:
            return _refused("InvalidCiphertextException")
        return _json({"KeyId": name, "Plaintext": base64.b64encode(plain).decode()})

    async def _transit(self, action: str, name: str, request: Request) -> Response:
        self.calls.append(action)
        if self.down:
            return Response(status_code=503)
        given = request.headers.get("x-vault-token", "")
        if not hmac.compare_digest(given.encode(), TOKEN.encode()):
            return _json({"errors": ["permission denied"]}, 403)
        asked = json.loads(await request.body())
        context = base64.b64decode(asked["context"])
        if action == "encrypt":
            blob = self._wrap(name, base64.b64decode(asked["plaintext"]), context)
            version, sealed = blob[0] + 1, base64.b64encode(blob[1:]).decode()
            return _json({"data": {"ciphertext": f"vault:v{version}:{sealed}"}})
        _vault, version_text, sealed = asked["ciphertext"].split(":")
        blob = bytes([int(version_text[1:]) - 1]) + base64.b64decode(sealed)
        plain = self._unwrap(name, blob, context)
        if plain is None:
            return _json({"errors": ["cipher: message authentication failed"]}, 400)
        return _json({"data": {"plaintext": base64.b64encode(plain).decode()}})

    def _versions(self, name: str) -> list[bytes]:
        return self._keys.setdefault(name, [os.urandom(32)])

    def _wrap(self, name: str, plain: bytes, context: bytes) -> bytes:
        versions, nonce = self._versions(name), os.urandom(12)
        sealed = AESGCM(versions[-1]).encrypt(nonce, plain, context)
        return bytes([len(versions) - 1]) + nonce + sealed

    def _unwrap(self, name: str, blob: bytes, context: bytes) -> bytes | None:
        versions = self._versions(name)
        if not blob or blob[0] >= len(versions):
            return None
        try:
            return AESGCM(versions[blob[0]]).decrypt(blob[1:13], blob[13:], context)
        except (InvalidTag, ValueError):
            return None


def _signature_holds(request: Request, body: bytes) -> bool:
    """Signature Version 4, worked out from what arrived."""
    found = _SIGNED.fullmatch(request.headers.get("authorization", ""))
    if found is None or found[1] != ACCESS_KEY:
        return False
    _access, day, region, names, proof = found.groups()
    lines = "".join(f"{name}:{request.headers.get(name, '')}\n" for name in names.split(";"))
    digest = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n{request.url.path}\n{request.url.query}\n{lines}\n{names}\n{digest}"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    stamp = request.headers.get("x-amz-date", "")
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{day}/{region}/kms/aws4_request\n{hashed}"
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (day, region, "kms", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    ours = hmac.digest(key, text.encode(), "sha256").hex()
    return hmac.compare_digest(ours, proof) and {"host", "x-amz-date"} <= set(names.split(";"))


def _refused(kind: str) -> Response:
    return _json({"__type": kind}, 400)


def _json(document: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(document), status, media_type="application/json")
