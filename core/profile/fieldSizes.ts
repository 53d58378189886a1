import { OpenBankingError } from '../errors/OpenBankingError';
import { EXTRA_HEADERS_MAXIMUM } from './extraHeaders';
import { fieldLabels } from './fieldLabels';
import type { BankSettings } from './settings';

/** Maximum numbers of characters of fields that are searched and parsed. The time that this takes grows with their length. */
const MAXIMUM: Partial<Record<keyof BankSettings, number>> = {
  transportCertificate: 262_144,
  transportPrivateKey: 262_144,
  pkcs12: 262_144,
  signingCertificate: 262_144,
  signingPrivateKey: 262_144,
  decryptionKeys: 262_144,
  nextTransportCertificate: 262_144,
  nextTransportPrivateKey: 262_144,
  nextPkcs12: 262_144,
  nextSigningCertificate: 262_144,
  nextSigningPrivateKey: 262_144,
  // All authorities that browsers trust take about 230,000.
  certificateAuthorities: 1_048_576,
  extraHeaders: EXTRA_HEADERS_MAXIMUM,
  accountApiHeaders: EXTRA_HEADERS_MAXIMUM,
  // Servers accept hardly longer headers.
  clientSecret: 4096,
};

/**
 * Refuses fields that are much longer than what belongs into them.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function assertFieldSizes(settings: Readonly<Record<string, unknown>>): void {
  for (const [name, maximum] of Object.entries(MAXIMUM)) {
    const value = settings[name];
    if (typeof value !== 'string' || value.trim().length <= maximum) continue;
    throw new OpenBankingError('field-malformed', {
      problem: 'length',
      values: { field: fieldLabels[name as keyof typeof fieldLabels], maximum },
      description: 'Keep only what the bank demands.',
    });
  }
}
