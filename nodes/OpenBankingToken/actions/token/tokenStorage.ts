import type { IDataObject } from 'n8n-workflow';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { OnReceived } from '../../../../core/oauth/grants/grants';
import type { ReceivedTokens } from '../../../../core/oauth/grants/tokenSet';
import { consentName } from '../../../../core/tokens/consentName';
import { keptTokens, type OperationInput, type OperationOutput } from '../operation';
import { textOptions } from '../parameters';
import { assertNotLost, chosenOutput, tokenItem } from './output';

/** Tokens of a customer, and the bank's ID of the consent that they belong to, if it is known. */
export interface ConsentedTokens extends ReceivedTokens {
  readonly consentId?: string;
}

/**
 * Requests tokens, and stores them if "Keep for Consent" is set: first as they are received, and again after their checks.
 *
 * The store is checked before the bank is asked. If the tokens could not be stored, the item has all of them whatever "Output" says.
 *
 * @param requestTokens sends the request; has to pass the tokens to `onReceived` before it checks them
 * @param findConsent returns the consent that the given refresh token is stored for
 * @throws OpenBankingError `field-malformed` if the refresh token would be neither stored nor in the item; `input-missing`,
 *   `consent-malformed`; also the errors of the store and of `requestTokens`
 */
export async function withTokenStorage(
  input: OperationInput,
  requestTokens: (onReceived?: OnReceived) => Promise<ConsentedTokens>,
  findConsent?: () => Promise<string | undefined>,
): Promise<OperationOutput> {
  const output = chosenOutput(input);
  const given = textOptions(input).keepForConsent?.trim();
  if (given === '') throw keepForNothing();
  const found = await findConsent?.();
  if (given && found && given !== found) throw storedElsewhere(found);
  const name = given ?? found;
  assertNotLost(output, Boolean(name));
  if (!name) {
    const { tokens, consentId, failedCheck, remarks } = await requestTokens();
    return { items: [tokenItem(withConsent(tokens, { consentId }), output)], failedCheck, remarks };
  }
  // As it was given: a name that is a number may be rounded.
  const consent = consentName(given ? input.options.keepForConsent : name);
  const kept = keptTokens(input);
  await kept.assertWritable();
  const received = await requestTokens(async (tokens) => void (await kept.keep(consent, tokens)));
  const { tokens, consentId, failedCheck } = received;
  const notStored = await kept.keep(consent, tokens);
  const item = tokenItem(
    withConsent(tokens, { consent, consentId }),
    notStored.length ? 'everything' : output,
  );
  const remarks = [...received.remarks, ...(found && !given ? [storedForRemark(found)] : [])];
  return { items: [item], failedCheck, remarks: [...remarks, ...notStored] };
}

/** An expression that yields no text must not switch the storage off. */
function keepForNothing(): OpenBankingError {
  return new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: 'Keep for Consent' },
    description:
      'Give a name, or fix the expression, which yields nothing. If the tokens are not to be stored, remove the option. Nothing was sent.',
  });
}

/** Otherwise the record of the other consent would keep a used refresh token. */
function storedElsewhere(consent: string): OpenBankingError {
  return new OpenBankingError('consent-malformed', {
    problem: 'storedElsewhere',
    values: { consent },
    description:
      'Give the same name, or remove the option: then the stored consent follows the refresh. Nothing was sent.',
  });
}

function storedForRemark(consent: string): string {
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
