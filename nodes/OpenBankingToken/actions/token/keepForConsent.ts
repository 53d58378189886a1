import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { OnReceived } from '../../../../core/oauth/grants/grants';
import type { ReceivedTokens } from '../../../../core/oauth/grants/tokenSet';
import { keptTokens, textOptions, type OperationInput, type OperationOutput } from '../operation';
import { assertNotLost, chosenOutput, tokenItem } from './outputOption';

/** "Keep for Consent" under "Options". */
export const keepForConsentOption: INodeProperties = {
  displayName: 'Keep for Consent',
  name: 'keepForConsent',
  type: 'string',
  default: '',
  placeholder: 'e.g. {{ $json.consent_id }}',
  description:
    'A name to store the tokens under, encrypted. "Get Stored Token", and HTTP Request with a consent\'s token, find them by it and refresh them in time.',
};

/** Tokens of a customer, and the consent of the bank that they belong to, if it is known. */
export interface ConsentedTokens extends ReceivedTokens {
  readonly consentId?: string;
}

/**
 * Asks for tokens, and stores them if "Keep for Consent" says so: as they are received, and again once they are checked. The store is
 * known to be writable before the bank is asked. All that was received is put out if it could not be stored.
 *
 * @param follow the consent that the tokens are stored for if "Keep for Consent" names none
 * @throws OpenBankingError `setting-malformed` if the refresh token would be neither stored nor put out, and what `ask` throws
 */
export async function keepingForConsent(
  input: OperationInput,
  ask: (onReceived?: OnReceived) => Promise<ConsentedTokens>,
  follow?: () => Promise<string | undefined>,
): Promise<OperationOutput> {
  const output = chosenOutput(input);
  const given = textOptions(input).keepForConsent?.trim();
  const followed = given ? undefined : await follow?.();
  const name = given || followed;
  assertNotLost(output, Boolean(name));
  if (!name) {
    const { tokens, consentId, failedCheck, remarks } = await ask();
    return { items: [tokenItem(withConsent(tokens, { consentId }), output)], failedCheck, remarks };
  }
  const { consentName } = await import('../../../../core/tokens/consentName');
  const consent = consentName(name);
  const kept = await keptTokens(input);
  await kept.assertWritable();
  const received = await ask(async (tokens) => void (await kept.keep(consent, tokens)));
  const { tokens, consentId, failedCheck } = received;
  const notStored = await kept.keep(consent, tokens);
  const item = tokenItem(
    withConsent(tokens, { consent, consentId }),
    notStored.length ? 'everything' : output,
  );
  const remarks = [...received.remarks, ...(followed ? [followedRemark(followed)] : [])];
  return { items: [item], failedCheck, remarks: [...remarks, ...notStored] };
}

function followedRemark(consent: string): string {
  return `The refresh token was stored for the consent "${consent}": the new tokens are stored in its place. Set "Keep for Consent" to say so, or use "Get Stored Token".`;
}

function withConsent(
  tokens: object,
  { consent, consentId }: { consent?: string; consentId?: string },
): IDataObject {
  return {
    ...(tokens as IDataObject),
    ...(consent && { consent }),
    ...(consentId && { consent_id: consentId }),
  };
}
