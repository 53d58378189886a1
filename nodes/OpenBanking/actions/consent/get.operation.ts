import { switchParameter } from '../../../parameters';
import type { ItemOperation } from '../operation';
import { consentApiOf, noConsents } from './consentApiOf';
import { consentItem } from './consentItem';
import { meantConsent, unknownId } from './meantConsent';

/** Consent → Get: a consent as the bank has it now. */
export const get: ItemOperation = {
  isForTools: true,
  async execute(input) {
    const { source, slots } = input;
    const simplify = switchParameter(source, 'simplify', 'Simplify');
    const api = consentApiOf(input);
    if (!api) throw noConsents(input);
    const { consent, consentIds } = await meantConsent(input);
    const [consentId] = consentIds;
    if (consentId === undefined) throw unknownId(consent!);
    const found = await slots.use(() => api.get(consentId));
    return [{ rows: [simplify ? consentItem(found, consent) : found.raw] }];
  },
};
