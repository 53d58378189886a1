import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { RegimeRules } from '../../../../core/profile/regime';
import { assertVisible, consentName } from '../../../../core/tokens/consentName';
import { switchParameter, textOption, type ParameterSource } from '../../../parameters';
import { regimeRulesOf } from '../../../regimeRules';
import type { ItemOperation } from '../operation';
import { consentApiOf } from './consentApiOf';
import { consentItem } from './consentItem';
import { expiryOf, requestedConsent } from './requestedConsent';

/** Consent → Create: a consent that a customer can then be asked for, as the regime of the bank has it. */
export const create: ItemOperation = {
  isForTools: false,
  async execute(input) {
    const { source, settings, slots, remarks } = input;
    const rules = regimeRulesOf(source, settings);
    const simplify = switchParameter(source, 'simplify', 'Simplify');
    const api = consentApiOf(input);
    if (!api) {
      remarks.add(nothingCreated(rules));
      return [{ rows: [namedConsent(source, rules)] }];
    }
    const requested = requestedConsent(source, rules);
    const created = await slots.use(() => api.create(requested));
    return [{ rows: [simplify ? consentItem(created) : created.raw] }];
  },
};

/**
 * The item of a consent that no bank creates: the name under which its tokens will be stored, and for how long data is shared, if the regime
 * asks for it.
 */
function namedConsent(source: ParameterSource, rules: RegimeRules): IDataObject {
  const given = textOption(source, 'consentName', 'Consent Name');
  const consent = given === undefined ? randomUUID() : consentName(given);
  assertVisible(consent);
  const end = rules.asksSharingDuration ? expiryOf(source) : undefined;
  const sharing_duration = end && Math.floor((end.getTime() - Date.now()) / 1000);
  return { consent, ...(sharing_duration !== undefined && { sharing_duration }) };
}

function nothingCreated({ name, asksSharingDuration }: RegimeRules): string {
  const without = asksSharingDuration ? '"Permissions" has' : '"Permissions" and "Expires" have';
  return `With the regime "${name}", nothing is created at the bank: the authorization request is the consent. ${without} no effect: the scope says what is shared.`;
}
