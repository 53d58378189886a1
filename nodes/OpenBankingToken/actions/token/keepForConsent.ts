import type { INodeProperties } from 'n8n-workflow';
import type { OnReceived } from '../../../../oauth/grants';
import type { ReceivedTokens } from '../../../../oauth/tokenSet';
import {
  keptTokens,
  textOptions,
  tokenOutput,
  type OperationInput,
  type OperationOutput,
} from '../operation';

/** "Keep for Consent" under "Options". */
export const keepForConsentOption: INodeProperties = {
  displayName: 'Keep for Consent',
  name: 'keepForConsent',
  type: 'string',
  default: '',
  placeholder: 'e.g. {{ $json.consent_id }}',
  description:
    'A name to keep the tokens under, encrypted. "Get Valid Token", and HTTP Request with a consent\'s token, find them by it and refresh them in time.',
};

/**
 * Asks for tokens and keeps them, where "Keep for Consent" says so: as they are received, and again once they are checked. The store is
 * known to be writable before the bank is asked, and what was received is put out even where it could not be kept.
 */
export async function keepingForConsent(
  input: OperationInput,
  ask: (onReceived?: OnReceived) => Promise<ReceivedTokens>,
): Promise<OperationOutput> {
  const given = textOptions(input).keepForConsent?.trim();
  if (!given) return tokenOutput(await ask());
  const { consentName } = await import('../../../../tokens/consentName');
  const consent = consentName(given);
  const kept = await keptTokens(input);
  await kept.assertWritable();
  const received = await ask(async (tokens) => void (await kept.keep(consent, tokens)));
  const remarks = await kept.keep(consent, received.tokens);
  return tokenOutput({ ...received, remarks: [...received.remarks, ...remarks] });
}
