import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { assertVisible, consentName } from '../../../../core/tokens/consentName';
import { openConsentTokens } from '../../../../core/tokens/openStores';
import { choiceParameter, consentParameter, textParameter } from '../../../parameters';
import type { ItemInput } from '../operation';

/** The consent that the fields of an item mean. */
interface MeantConsent {
  /** The name under which its tokens are stored; `undefined` if it is meant by its ID. */
  readonly consent?: string;
  /** The bank's IDs of it: mostly one. Two if the customer consented again and the new tokens did not pass; none if none is known. */
  readonly consentIds: readonly string[];
}

/**
 * Reads the fields "Consent By", "Consent" and "Consent ID".
 *
 * @throws OpenBankingError `field-malformed`, `input-missing`, `consent-malformed`, `consent-unknown`, `record-damaged`, and those of the store
 */
export async function meantConsent({ source, client, settings }: ItemInput): Promise<MeantConsent> {
  if (choiceParameter(source, 'consentBy', 'Consent By', ['name', 'id']) === 'id') {
    return { consentIds: [givenId(textParameter(source, 'consentId', 'Consent ID'))] };
  }
  const consent = consentParameter(source);
  const consentIds = await openConsentTokens(client, settings).consentIds(consent);
  return { consent, consentIds };
}

function givenId(text: string): string {
  try {
    const id = consentName(text);
    assertVisible(id);
    return id;
  } catch (error) {
    throw (error as OpenBankingError).with({
      description:
        'Give the bank\'s ID of the consent, for example {{ $json.consent_id }} of "Consent → Create". Nothing was sent.',
    });
  }
}

/** The error if the bank's ID of a stored consent is not known. */
export function unknownId(consent: string): OpenBankingError {
  return new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: 'Consent ID' },
    description: `The bank's ID of the stored consent "${consent}" is not known: its tokens came without one, as with scope-based consents, or "Consent ID" was empty in "Create Authorization URL". If the bank has an ID for it, set "Consent By" to "Consent ID of the Bank" and give it. "Consent → Get Many" shows what is stored. Nothing was sent.`,
  });
}
