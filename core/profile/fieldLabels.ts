/** What the fields that hold certificates and keys are called in the credential: errors name them so. */
export const fieldLabels = {
  transportCertificate: 'Transport Certificate',
  transportPrivateKey: 'Transport Private Key',
  pkcs12: 'PKCS #12 File',
  certificateAuthorities: 'Certificate Authorities',
  signingCertificate: 'Signing Certificate',
  signingPrivateKey: 'Signing Private Key',
} as const;
