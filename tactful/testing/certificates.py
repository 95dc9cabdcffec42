"""Certificates of one's own for the loopback address, so that protocol peers speak TLS as providers do."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tactful.kernel.clock import SystemClock

DAY = timedelta(days=1)


def certified(folder: Path, *protocols: str) -> tuple[ssl.SSLContext, Path]:
    """What a server speaks TLS with, and the file in `folder` by which it is trusted. protocols: best first."""
    key = ec.generate_private_key(ec.SECP256R1())
    file = folder / "certificate.pem"
    file.write_bytes(_certificate(key).public_bytes(Encoding.PEM))
    secret = folder / "certificate.key"
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context, file


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tactful.testing")]), SystemClock().now()
    where = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")])
    told = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - DAY, now + DAY)
    own = x509.BasicConstraints(ca=True, path_length=0)
    known = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    for extension, needed in ((where, False), (own, True), (known, False)):
        told = told.add_extension(extension, critical=needed)
    return told.sign(key, hashes.SHA256())
