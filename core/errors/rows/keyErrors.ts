import { rowsOf } from '../entry';

/** What is wrong with certificates and keys, or worth a word, before anything is sent. */
export const keyErrors = rowsOf('configuration', {
  'certificate-missing': {
    recognised: 'The field is empty, or a PKCS#12 file holds no certificate',
    message: '"<field>" <problem>',
    advice:
      'Paste the certificate in PEM, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----", followed by its intermediate certificates if there are any.',
  },
  'certificate-malformed': {
    recognised: 'The field holds no certificate, or one that does not parse or has no end',
    message: '"<field>" <problem>',
    advice:
      'Paste the certificate in PEM, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----". "openssl x509 -in certificate.pem -noout -text" shows whether a file is whole.',
  },
  'certificate-not-yet-valid': {
    recognised: '`notBefore` of the certificate is after the clock of this machine',
    message: '"<field>" is not valid before <date>',
    advice:
      'Check the clock of this machine. If it is right, wait, or use the certificate that is valid now.',
  },
  'certificate-expired': {
    recognised: '`notAfter` of the certificate is before the clock of this machine',
    message: '"<field>" expired on <date>',
    advice:
      'Ask for a new certificate, register it with the bank, and paste it with its private key. Tokens that were issued to the old certificate may not work with the new one. If the date is wrong, check the clock of this machine.',
  },
  'certificate-expires-within-7-days': {
    recognised: '`notAfter` of the certificate is less than 7 days away',
    message: '"<field>" expires on <date>',
    advice:
      'Renew it now: ask for a new certificate, register it with the bank, and paste it with its private key. Tokens that were issued to the old certificate may not work with the new one.',
  },
  'certificate-expires-within-30-days': {
    recognised: '`notAfter` of the certificate is less than 30 days away',
    message: '"<field>" expires on <date>',
    advice:
      'Ask for a new certificate, and register it with the bank. Tokens that were issued to the old certificate may not work with the new one: plan for consents to be given anew.',
  },
  'certificate-client-auth-missing': {
    recognised:
      'The certificate limits its purposes (extended key usage), and clientAuth is not among them',
    message: '"<field>" is not made for TLS clients: its extended key usage lacks clientAuth',
    advice:
      'Use the certificate that the bank or directory issued for transport (often called OBTransport, OBWAC or QWAC), not that of a web server or for signing.',
  },
  'certificate-key-usage': {
    recognised: 'The certificate limits its key usage, and digitalSignature is not part of it',
    message: '"<field>" must not be used to sign: its key usage lacks digitalSignature',
    advice:
      'Use a certificate whose key usage includes digitalSignature: a TLS client proves with a signature that the key is its own.',
  },
  'chain-reordered': {
    recognised: 'The certificates of the field stand in another order than each before its issuer',
    message: '"<field>" holds its certificates in another order: they are sent in the right one',
    advice: 'Nothing has to be done.',
  },
  'certificate-unrelated': {
    recognised: 'The field holds a certificate that issued none of the others',
    message: '"<field>" also holds certificates that do not belong to the chain: <names>',
    advice: 'Remove what is not part of the chain. It is not sent.',
  },
  'intermediate-missing': {
    recognised:
      'The last certificate of the chain was not issued by itself, and its issuer is not in the field',
    message: '"<field>" ends before the issuer "<name>"',
    advice:
      'If the bank refuses the certificate, paste the certificate of that issuer below it. Where the issuer is a root that the bank knows, nothing has to be done.',
  },
  'certificate-authorities-malformed': {
    recognised: 'The field holds no certificate, or one that does not parse or has no end',
    message: '"<field>" holds no certificate that can be read',
    advice:
      'Paste the certificates of the certificate authorities in PEM, one below the other, or leave the field empty to trust the well-known ones.',
  },
  'private-key-missing': {
    recognised: 'The field is empty, or a PKCS#12 file holds no private key',
    message: '"<field>" <problem>',
    advice:
      'Paste the private key in PEM, from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----".',
  },
  'private-key-malformed': {
    recognised: 'The field holds no private key, or one that does not parse',
    message: '"<field>" <problem>',
    advice:
      'Paste the private key in PEM, from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----". "openssl pkey -in key.pem -noout" shows whether a file is whole.',
  },
  'private-key-encryption-unsupported': {
    recognised:
      'The private key is encrypted with a cipher that OpenSSL 3 no longer has by default, or takes more than 10,000,000 rounds of key derivation',
    message: '"<field>" is encrypted in a way that is not supported (<cipher>)',
    advice:
      'Encrypt it anew: "openssl pkey -provider legacy -provider default -in old.pem -aes256 -out new.pem", and paste the new file.',
  },
  'passphrase-missing': {
    recognised: 'The private key is encrypted, and the passphrase is empty',
    message: '"<field>" is encrypted, and no passphrase is given',
    advice: 'The private key is encrypted: fill in its passphrase in the credential.',
  },
  'passphrase-wrong': {
    recognised: 'The private key or PKCS#12 file does not decrypt with the passphrase',
    message: '"<field>" does not open: the passphrase is wrong, or the file is damaged',
    advice:
      'Type the passphrase anew. "openssl pkey -in key.pem -noout" or "openssl pkcs12 -in file.p12 -noout" asks for it and shows whether it fits.',
  },
  'pem-repaired': {
    recognised:
      'A field in PEM came without line breaks, with `\\n` written out, in quotes, with a byte order mark, or among other text',
    message: '"<field>" was repaired: <repairs>',
    advice: 'Nothing has to be done.',
  },
  'pkcs12-missing': {
    recognised: 'The field is empty',
    message: '"<field>" is empty',
    advice:
      'Paste the file with certificate and key (.p12 or .pfx) in base64: "openssl base64 -A -in file.p12" prints it.',
  },
  'pkcs12-malformed': {
    recognised: 'The field is no base64, or its content is no PKCS#12 file with a checksum (MAC)',
    message: '"<field>" <problem>',
    advice:
      'Paste the whole file in base64: "openssl base64 -A -in file.p12" prints it. "openssl pkcs12 -in file.p12 -info -noout" shows whether the file is whole.',
  },
  'pkcs12-legacy': {
    recognised: 'The PKCS#12 file is encrypted with RC2 or 3DES, as older programs do',
    message: '"<field>" is encrypted in an outdated way (<cipher>), and was read all the same',
    advice:
      'Encrypt it anew, because these ciphers protect little: "openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem", then "openssl pkcs12 -export -in all.pem -out new.p12"; paste the new file in base64 ("openssl base64 -A -in new.p12"), and delete all.pem.',
  },
  'pkcs12-encryption-unsupported': {
    recognised:
      'The PKCS#12 file is encrypted or protected with an algorithm that is not known here (RC4, RC2 with 128 bits, PBMAC1), or takes more than 100,000 rounds of key derivation in JavaScript (checksum and outdated ciphers) or 10,000,000 of PBKDF2',
    message: '"<field>" is encrypted in a way that is not supported (<cipher>)',
    advice:
      'Encrypt it anew: "openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem", then "openssl pkcs12 -export -in all.pem -out new.p12"; paste the new file in base64 ("openssl base64 -A -in new.p12"), and delete all.pem.',
  },
  'jwk-malformed': {
    recognised: 'The field begins with `{`, and is no private key in JWK (RFC 7517)',
    message: '"<field>" <problem>',
    advice: 'Paste the private JWK as a whole, from "{" to "}", with "kty" and "d", or use PEM.',
  },
  'key-certificate-mismatch': {
    recognised: 'The public keys of private key and certificate differ',
    message: '"<field>" does not belong to "<field>"',
    advice:
      'Use the private key that the certificate was requested with. "openssl x509 -in certificate.pem -noout -pubkey" and "openssl pkey -in key.pem -pubout" have to print the same.',
  },
  'rsa-key-too-small': {
    recognised: 'The modulus of an RSA key has fewer than 2048 bits',
    message: '"<field>" is an RSA key of <number> bits, and banks demand 2048',
    advice:
      'Make a new key of 2048 bits or more ("openssl genrsa -out key.pem 2048"), and ask for a certificate for it.',
  },
  'key-type-unsupported': {
    recognised: 'The private key is neither RSA nor EC nor Ed25519',
    message: '"<field>" is a key of the kind <kind>',
    advice:
      'Use an RSA key of at least 2048 bits, an EC key on the curve P-256, or an Ed25519 key.',
  },
  'algorithm-key-mismatch': {
    recognised: 'The signature algorithm needs a key of another kind',
    message: '<algorithm> needs <kind>; "<field>" is <kind>',
    advice:
      'Choose the signature algorithm that fits the key: PS256 or RS256 for RSA of at least 2048 bits, ES256 for EC P-256, EdDSA for Ed25519.',
  },
  'key-id-malformed': {
    recognised:
      'The field holds line breaks, characters beyond ASCII, braces, "-----", or more than 255 characters',
    message: '"Key ID" holds something that is no key ID',
    advice:
      'Fill in "Key ID" as the bank registered it: mostly some dozens of letters and digits. Certificates and keys belong into other fields.',
  },
  'key-id-missing': {
    recognised: '"Key ID From" is the field below, and the field is empty',
    message: '"Key ID" is empty',
    advice:
      'Fill in "Key ID" as the bank registered it, or choose to have it computed from the certificate.',
  },
});
