import type { INodePropertyOptions } from 'n8n-workflow';

/** Signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1), as options of a field. */
export const algorithms: INodePropertyOptions[] = [
  { name: 'PS256', value: 'PS256', description: 'RSA with PSS: FAPI and WSO2 expect it' },
  { name: 'ES256', value: 'ES256', description: 'EC on the curve P-256' },
  { name: 'EdDSA', value: 'EdDSA', description: 'Ed25519' },
  { name: 'RS256 (Legacy)', value: 'RS256', description: 'RSA with PKCS #1 v1.5: refused by FAPI' },
];
