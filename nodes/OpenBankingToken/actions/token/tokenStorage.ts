import type { IDataObject } from 'n8n-workflow';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { OnReceived } from '../../../../core/oauth/grants/sendGrant';
import type { ReceivedTokens } from '../../../../core/oauth/grants/tokenSet';
import { openSyncMemory } from '../../../../core/sync/openSyncMemory';
import type { ConsentTokens } from '../../../../core/tokens/consents/consentTokens';
import { assertVisible, consentName, isUnmistakable } from '../../../../core/tokens/consentName';
import { unexpected } from '../../../nodeError';
import { consentTokens, type OperationInput, type OperationOutput } from '../operation';
import { assertNotLost, chosenOutput, tokenItem } from './output';

/** Tokens of a customer, and the bank's ID of the consent that they belong to, if it is known. */
export interface ConsentedTokens extends ReceivedTokens {
  readonly consentId?: string;
}

/** Where new tokens are stored, besides the fields of the node. */
interface StorageOptions {
  /** Whether the tokens may replace those of another customer. */
  readonly acceptAnotherCustomer?: boolean;
  /**
   * The request that the customer answered: the name of the stored consent that it renews, if it does, and the bank's ID of the new consent.
   */
  readonly request?: () => Promise<{ readonly consent?: string; readonly consentId?: string }>;
}

/**
 * Requests tokens, and stores them if "Keep for Consent" is set, or if they renew a stored consent: first as they are received, and again after their checks.
 *
 * The store is checked before the bank is asked. If the tokens could not be stored, the item has all of them whatever "Output" says.
 *
 * @param requestTokens sends the request; has to pass the tokens to `onReceived` before it checks them
 * @throws OpenBankingError `field-malformed` if the refresh token would be neither stored nor in the item; `input-missing`,
 *   `consent-malformed`; also the errors of the store and of `requestTokens`
 */
export async function withTokenStorage(
  input: OperationInput,
  requestTokens: (onReceived?: OnReceived) => Promise<ConsentedTokens>,
  { acceptAnotherCustomer = false, request }: StorageOptions = {},
): Promise<OperationOutput> {
  const output = chosenOutput(input);
  const given = nameToKeepFor(input);
  const { consent: renewed, consentId: requested } = (await request?.()) ?? {};
  const consent = renewed ?? given;
  assertNotLost(output, consent !== undefined);
  if (consent === undefined) {
    const { tokens, consentId, failedCheck, remarks } = await requestTokens();
    return { items: [tokenItem(withConsent(tokens, { consentId }), output)], failedCheck, remarks };
  }
  const storage = consentTokens(input);
  await assertVisibleOrStored(consent, storage);
  await storage.assertWritable();
  const received = await requestTokens((tokens, expected) =>
    storage.receive(consent, tokens, expected, {
      consentId: requested,
      acceptAnotherCustomer,
    }),
  );
  const { tokens, consentId } = received;
  const result = await storage.keep(consent, received, { consentId, acceptAnotherCustomer });
  const forgotten = result.isOfAnotherCustomer ? await forgetPosition(input, consent) : [];
  const shown = withConsent(tokens, { consent, consentId });
  return {
    items: [tokenItem(shown, result.isWaiting ? 'everything' : output)],
    failedCheck: result.failedCheck,
    ...(!(result.failedCheck && result.isWaiting) && {
      stored: { consent, accessToken: tokens.access_token },
    }),
    remarks: [...received.remarks, ...result.remarks, ...forgotten, ...otherName(given, renewed)],
  };
}

/**
 * Deletes the position of the former customer: otherwise accounts of the new one could be taken for those of the former one.
 *
 * @returns a warning
 */
async function forgetPosition(
  { client, settings }: OperationInput,
  consent: string,
): Promise<string[]> {
  try {
    await openSyncMemory(client, settings).forget(consent);
    return [
      `The position of the former customer of "${consent}" was deleted. For the new customer, the Open Banking Trigger begins again with its field "Start With".`,
    ];
  } catch (error) {
    const { sentence } = unexpected(error);
    return [
      `The position of the former customer of "${consent}" could not be deleted. Before a trigger reads it, delete the consent with "Forget Position Too", or use another name. ${sentence}`,
    ];
  }
}

/** A remark if the field names another consent than the one that the customer was asked to renew. The request counts. */
function otherName(given: string | undefined, renewed: string | undefined): string[] {
  if (given === undefined || renewed === undefined || given === renewed) return [];
  return [
    `The tokens are stored for the consent "${renewed}", not for "${given}" of "Keep for Consent": the authorization URL was made to renew "${renewed}". Use {{ $json.consent }} of the Open Banking Redirect Trigger in "Keep for Consent".`,
  ];
}

/** A name that people can mistake for another one is accepted if an earlier version of this package stored tokens under it. */
async function assertVisibleOrStored(consent: string, storage: ConsentTokens): Promise<void> {
  if (isUnmistakable(consent)) return;
  const isStored = (await storage.list()).some((stored) => stored.consent === consent);
  if (!isStored) assertVisible(consent);
}

/**
 * The option "Keep for Consent"; `undefined` if it was not added. An expression that yields no text must not switch the storage off.
 *
 * @throws OpenBankingError `input-missing`, `consent-malformed`
 */
export function nameToKeepFor({ options }: OperationInput): string | undefined {
  if (!Object.hasOwn(options, 'keepForConsent')) return undefined;
  const { keepForConsent: given } = options;
  if (typeof given === 'number' || (typeof given === 'string' && given.trim())) {
    return consentName(given);
  }
  throw new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: 'Keep for Consent' },
    description:
      'Give a name, or fix the expression, which yields an empty value. If the tokens are not to be stored, remove the option. Nothing was sent.',
  });
}

/** The fields of a token set and of its consent. */
export function withConsent(
  tokens: object,
  { consent, consentId }: { consent?: string; consentId?: string },
): IDataObject {
  return {
    ...(tokens as IDataObject),
    ...(consent && { consent }),
    ...(consentId && { consent_id: consentId }),
  };
}
