import { rowsOf } from '../entry';

/** Failures of certificates and keys, and warnings about them. They come before a request is sent. */
export const keyErrors = rowsOf('configuration', {
  'certificate-malformed': {
    recognized:
      'The field holds no certificate, or one that cannot be read or has no end. Or it holds more than 50 certificates (500 of authorities), or one of more than 64 KiB',
    message: {
      unreadable: '"<field>" holds no certificate that can be read',
      dates: '"<field>" holds a certificate whose dates cannot be read',
      count: '"<field>" holds more than <maximum> certificates',
      size: '"<field>" holds a certificate of more than 64 KiB',
      foreign: '"<field>" holds <content> instead of a certificate',
    },
    advice:
      'Paste the certificate in PEM, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----". "openssl x509 -in certificate.pem -noout -text" shows whether a file is complete.',
  },
  'certificate-not-yet-valid': {
    recognized: '`notBefore` of the certificate is after the clock of this machine',
    message: '<certificate> is not valid before <date>',
    advice:
      'Check the clock of this machine. If it is right, wait, or use the certificate that is valid now.',
  },
  'certificate-expired': {
    recognized: '`notAfter` of the certificate is before the clock of this machine',
    message: '<certificate> expired on <date>',
    advice:
      'Ask for a new certificate, register it with the bank, and paste it with its private key. Tokens that were issued to the old certificate may not work with the new one. If the date is wrong, check the clock of this machine.',
  },
  'certificate-expires-soon': {
    recognized: '`notAfter` of the certificate is less than 30 days away',
    message: '<certificate> expires on <date>',
    advice:
      'Ask for a new certificate, register it with the bank, and paste it with its private key before that date. Tokens that were issued to the old certificate may not work with the new one: customers may have to give consent again.',
  },
  'certificate-purpose': {
    recognized:
      'The certificate limits its purposes (extended key usage) and lacks clientAuth, or limits its key usage and lacks digitalSignature',
    message: {
      clientAuth: '"<field>" is not made for TLS clients: its extended key usage lacks clientAuth',
      signature: '"<field>" must not be used to sign: its key usage lacks digitalSignature',
    },
    advice:
      'Use the certificate that the bank or directory issued for this purpose. The transport certificate (often called OBTransport, OBWAC or QWAC) needs clientAuth and digitalSignature. A certificate of a web server is not enough.',
  },
  'pem-repaired': {
    recognized:
      'A field in PEM has no line breaks, has `\\n` written out, quotes, a byte order mark or other text around it, has its certificates in the wrong order, or holds several certificates or keys. Then the one is used that is valid, made for this use, and issued last',
    message: {
      text: '"<field>" was repaired: <repairs>',
      order: '"<field>" was repaired: its certificates were in the wrong order',
      leftOut: '"<field>" holds more certificates than are used. Left out: <names>',
      severalKeys: '"<field>" holds <count> private keys. The first one is used',
    },
    advice: 'You do not have to do anything.',
  },
  'intermediate-missing': {
    recognized:
      'The last certificate of the chain is not signed by itself, and its issuer is not in the field',
    message: '"<field>" ends before the issuer "<name>"',
    advice:
      'If the bank refuses the certificate, paste the certificate of that issuer below it. If the issuer is a root that the bank knows, you do not have to do anything.',
  },
  'private-key-malformed': {
    recognized:
      'The field holds no private key in PEM or JWK (RFC 7517), one that cannot be read, or more than 20',
    message: {
      unreadable: '"<field>" holds no private key that can be read',
      foreign: '"<field>" holds <content> instead of a private key',
      halves: '"<field>" is damaged: its private and its public half do not belong together',
      json: '"<field>" begins with "{", and is no JSON',
      keySet: '"<field>" holds a set of keys (JWKS) instead of one key',
      noKey: '"<field>" is JSON, but no key: it has no "kty"',
      symmetric: '"<field>" holds a symmetric key',
      publicJwk: '"<field>" holds a public key: it has no "d"',
      signatures:
        '"<field>" holds no key for decryption: "use" or "alg" says that it is for signatures',
      members: '"<field>" is an RSA key (JWK) without <names>',
      count: '"<field>" holds more than <maximum> private keys',
    },
    advice:
      'Paste the private key in PEM, from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----". "openssl pkey -in key.pem -noout" shows whether a file is complete. A signing or decryption key may also be a private JWK, from "{" to "}", with "kty" and "d".',
  },
  'encryption-unsupported': {
    recognized:
      'A private key or PKCS#12 file is encrypted or protected with an algorithm that is not known here (RC4, a public key), or with so many rounds of key derivation that they would take this machine more than half a minute',
    message: {
      cipher: '"<field>" is encrypted in a way that is not supported (<cipher>)',
      unknown: '"<field>" is encrypted in a way that is not supported (an unknown algorithm)',
      rounds:
        '"<field>" is encrypted in a way that is not supported (<rounds> rounds of key derivation, which take too long)',
    },
    advice:
      'Encrypt it again, and paste the new file. A key: "openssl pkey -provider legacy -provider default -in old.pem -aes256 -out new.pem". A PKCS#12 file: "openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem", then "openssl pkcs12 -export -in all.pem -out new.p12", in base64 ("openssl base64 -A -in new.p12"). Delete all.pem.',
  },
  'passphrase-wrong': {
    recognized:
      'The private key or PKCS#12 file is encrypted. The passphrase is empty, or does not decrypt it',
    message: {
      missing: '"<field>" is encrypted, and no passphrase is given',
      wrong: '"<field>" does not open: the passphrase is wrong, or the file is damaged',
    },
    advice:
      'Fill in its passphrase in the credential, or type it again. "openssl pkey -in key.pem -noout" or "openssl pkcs12 -in file.p12 -noout" asks for it and shows whether it is right.',
  },
  'pkcs12-malformed': {
    recognized:
      'The field is no base64. Or its content is no PKCS#12 file, has no certificate or no private key, or has more than 200 entries',
    message: {
      base64: '"<field>" is no base64 of a file',
      foreign: '"<field>" holds <content> instead of a PKCS#12 file',
      unreadable: '"<field>" holds no PKCS#12 file',
      signed: '"<field>" is signed with a key, and only a checksum with a passphrase is supported',
      certificate: '"<field>" holds no certificate',
      key: '"<field>" holds no private key',
      count: '"<field>" holds more than <maximum> entries',
    },
    advice:
      'Paste the whole file, with the certificate and its private key, in base64: "openssl base64 -A -in file.p12" prints it. "openssl pkcs12 -in file.p12 -info -noout" shows whether the file is complete.',
  },
  'pkcs12-legacy': {
    recognized: 'The PKCS#12 file is encrypted with RC2 or 3DES, as older programs do',
    message: '"<field>" is encrypted in an outdated way (<ciphers>). It was read all the same',
    advice:
      'Encrypt it again, because these ciphers protect little: "openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem", then "openssl pkcs12 -export -in all.pem -out new.p12". Paste the new file in base64 ("openssl base64 -A -in new.p12"), and delete all.pem.',
  },
  'key-certificate-mismatch': {
    recognized: 'The public keys of private key and certificate differ',
    message: '"<key>" does not belong to "<certificate>"',
    advice:
      'Use the private key that the certificate was requested with: if a new certificate came with a new key, replace both. "openssl x509 -in certificate.pem -noout -pubkey" and "openssl pkey -in key.pem -pubout" have to print the same.',
  },
  'key-unsupported': {
    recognized:
      'The private key is neither RSA nor EC nor Ed25519, or is RSA with fewer than 2048 bits. A decryption key: neither RSA, nor EC on the curve P-256, P-384 or P-521, nor X25519',
    message: {
      kind: '"<field>" is a key of the kind <kind>',
      short: '"<field>" is an RSA key of <bits> bits, and banks demand <minimum>',
      long: '"<field>" is an RSA key of <bits> bits, and TLS allows <maximum>',
      noDecryption: '"<field>" holds a key of the kind <kind>, which cannot decrypt',
    },
    advice:
      'Use an RSA key of at least 2048 bits ("openssl genrsa -out key.pem 2048"), an EC key on the curve P-256, or an Ed25519 key, and ask for a certificate for it.',
  },
  'algorithm-key-mismatch': {
    recognized: 'The signature algorithm needs a key of another kind',
    message: '<algorithm> needs <needed>; "<field>" is <kind>',
    advice:
      'Choose the signature algorithm that fits the key: PS256 or RS256 for RSA of at least 2048 bits, ES256 for EC P-256, EdDSA for Ed25519.',
  },
});
