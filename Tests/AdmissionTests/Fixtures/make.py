"""Makes keys.json and tokens.json: what another implementation signs. Needs PyJWT[crypto].

Time in all of them is 1800000000; they expire an hour later.
"""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

NOW = 1_800_000_000
CLAIMS = {"sub": "agent", "iss": "https://issuer.example", "aud": "logs", "iat": NOW, "exp": NOW + 3600}
SECRET = b"a secret of more than 32 bytes, shared by both"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, length=None):
    return encoded(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


def rsa_jwk(key, **more):
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e), **more}


def ec_jwk(key, **more):
    numbers = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": number(numbers.x, 32), "y": number(numbers.y, 32), **more}


def by_hand(header, key):
    signed = encoded(json.dumps(header).encode()) + "." + encoded(json.dumps(CLAIMS).encode())
    return signed + "." + encoded(hmac.new(key, signed.encode(), hashlib.sha256).digest())


def token(key, algorithm, kid=None, claims=CLAIMS, **header):
    return jwt.encode(claims, key, algorithm, headers={**({"kid": kid} if kid else {}), **header})


rsa1, rsa2, stranger = (rsa.generate_private_key(65537, 2048) for _ in range(3))
ec1, ec2 = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
ec521 = ec.generate_private_key(ec.SECP521R1())
public = rsa1.public_key()
pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
modulus = public.public_numbers().n.to_bytes(256, "big")

keys = {
    "keys": [
        rsa_jwk(rsa1, kid="rsa1", use="sig", alg="RS256"),
        rsa_jwk(rsa2, kid="rsa2", key_ops=["verify"]),
        ec_jwk(ec1, kid="ec1"),
        ec_jwk(ec2, kid="ec2", alg="ES256"),
        {"kty": "oct", "kid": "shared", "k": encoded(SECRET)},
        rsa_jwk(stranger, kid="for encryption", use="enc"),
        {"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": encoded(bytes(32))},
        rsa_jwk(stranger, kid="for RS512", alg="RS512"),
    ]
}

good = {
    "rs256": token(rsa1, "RS256", "rsa1"),
    "rs256 second key": token(rsa2, "RS256", "rsa2"),
    "rs256 no kid": token(rsa2, "RS256"),
    "es256": token(ec1, "ES256", "ec1"),
    "es256 second key": token(ec2, "ES256", "ec2"),
    "es256 no kid": token(ec2, "ES256"),
    "hs256": token(SECRET, "HS256", "shared"),
    "hs256 no kid": token(SECRET, "HS256"),
}
bad = {
    "kid of another key": token(rsa1, "RS256", "rsa2"),
    "kid of a key of another kind": token(rsa1, "RS256", "ec1"),
    "kid unknown": token(rsa1, "RS256", "rsa3"),
    "key unknown": token(stranger, "RS256"),
    "key unknown, kid known": token(stranger, "RS256", "rsa1"),
    "key for encryption": token(stranger, "RS256", "for encryption"),
    "key for RS512": token(stranger, "RS256", "for RS512"),
    "key of its own": token(stranger, "RS256", jwk=rsa_jwk(stranger)),
    "none": jwt.encode(CLAIMS, None, "none"),
    "none, kid known": jwt.encode(CLAIMS, None, "none", headers={"kid": "rsa1"}),
    "RS384": token(rsa1, "RS384", "rsa1"),
    "RS512": token(rsa1, "RS512", "rsa1"),
    "PS256": token(rsa1, "PS256", "rsa1"),
    "ES512": token(ec521, "ES512", "ec1"),
    "HS384": token(SECRET, "HS384", "shared"),
    "HS512": token(SECRET, "HS512", "shared"),
    "hmac by the public key's PEM": by_hand({"alg": "HS256", "kid": "rsa1"}, pem),
    "hmac by the public key's PEM, no kid": by_hand({"alg": "HS256"}, pem),
    "hmac by the public key's DER": by_hand({"alg": "HS256"}, der),
    "hmac by the modulus": by_hand({"alg": "HS256"}, modulus),
    "hmac called RS256": by_hand({"alg": "RS256", "kid": "rsa1"}, pem),
    "hmac called ES256": by_hand({"alg": "ES256", "kid": "shared"}, SECRET),
    "hmac called none": by_hand({"alg": "none"}, SECRET),
    "hmac called hs256": by_hand({"alg": "hs256"}, SECRET),
    "hmac by nothing": by_hand({"alg": "HS256"}, b""),
    "with crit": token(SECRET, "HS256", crit=["exp"]),
    "crit, empty": by_hand({"alg": "HS256", "crit": []}, SECRET),
    "compressed": by_hand({"alg": "HS256", "zip": "DEF"}, SECRET).rsplit(".", 1)[0] + ".",
}

here = Path(__file__).parent
(here / "keys.json").write_text(json.dumps(keys, indent=1) + "\n")
(here / "tokens.json").write_text(json.dumps({"good": good, "bad": bad}, indent=1) + "\n")
