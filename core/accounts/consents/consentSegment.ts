import { OpenBankingError } from '../../errors/OpenBankingError';
import { isPathSegment } from '../apiRequest';

/**
 * A consent's ID as the last part of a path. The ID is encoded once.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function consentSegment(consentId: string): string {
  if (isPathSegment(consentId)) return encodeURIComponent(consentId);
  throw new OpenBankingError('field-malformed', {
    problem: 'foreign',
    values: { field: 'Consent ID', content: 'characters that cannot be a part of an address' },
    description: 'Give the ID as "Consent" → "Create" puts it out. Nothing was sent.',
  });
}
