/** Labels of the credential's fields for certificates and keys, for messages. */
export const fieldLabels = {
  transportCertificate: 'Transport Certificate',
  transportPrivateKey: 'Transport Private Key',
  pkcs12: 'PKCS #12 File',
  certificateAuthorities: 'Certificate Authorities',
  signingCertificate: 'Signing Certificate',
  signingPrivateKey: 'Signing Private Key',
} as const;
