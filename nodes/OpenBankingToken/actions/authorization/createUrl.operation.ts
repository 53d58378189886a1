import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { AuthorizationLinkOptions } from '../../../../core/oauth/authorization/authorizationLink';
import type { RequestDelivery } from '../../../../core/profile/regime';
import { assertVisible, consentName } from '../../../../core/tokens/consentName';
import { isWrittenByHand } from '../../../writtenByHand';
import {
  consentTokens,
  pendingAuthorizations,
  type Operation,
  type OperationInput,
} from '../operation';
import {
  blankableOption,
  choiceParameter,
  switchOption,
  textOf,
  textOption,
  textParameter,
} from '../../../parameters';

/**
 * Create Authorization URL: the address at the bank where a customer gives consent (RFC 6749 §4.1.1, RFC 9101, RFC 9126). The request is
 * stored before the address is returned, so that the answer of the customer can be verified.
 */
export const createUrl: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    const consentId = givenConsentId(input);
    const consent = await consentToRenew(input);
    const request = requestFor(input, consentId);
    const storage = switchOption(input, 'keepPending', 'Keep Pending Authorization', true)
      ? pendingAuthorizations(input)
      : undefined;
    const link = await input.client.authorizationLink(request);
    const { state, nonce, codeVerifier, redirectUri } = link;
    const { responseType, responseMode, acrValues, maxAge } = request;
    await storage?.keep({
      ...{ state, nonce, codeVerifier, redirectUri },
      ...{ consentId, consent, responseType, responseMode, acrValues, maxAge },
      requestedAt: Math.floor(Date.now() / 1000),
    });
    const item = {
      ...{ url: link.url, state },
      ...(!storage && nonce && { nonce }),
      ...(!storage && codeVerifier && { code_verifier: codeVerifier }),
      ...(consent && { consent }),
      ...(consentId && { consent_id: consentId }),
      expires_at: link.expiresAt.toISOString(),
    };
    return { items: [item], remarks: link.remarks };
  },
};

/**
 * The field "Consent ID"; `undefined` if a person left it empty. An expression that yields no text is an error: somebody meant a consent.
 *
 * @throws OpenBankingError `input-missing`, `consent-malformed`
 */
function givenConsentId(input: OperationInput): string | undefined {
  const { context, itemIndex } = input;
  const given = textParameter(input, 'consentId', 'Consent ID');
  const isByHand = isWrittenByHand((options) =>
    context.getNodeParameter('consentId', itemIndex, '', options),
  );
  if (isByHand && !given.trim()) return undefined;
  try {
    const consentId = consentName(given);
    assertVisible(consentId);
    return consentId;
  } catch (error) {
    throw (error as OpenBankingError).with({
      description:
        'Connect the node that creates the consent, or give its ID. Leave the field empty if the bank has no consents of that kind.',
    });
  }
}

/**
 * The option "Renew Stored Consent"; `undefined` if it was not added. The tokens of this consent are replaced by those of the new one, once they
 * have passed their checks.
 *
 * @throws OpenBankingError `input-missing`, `consent-malformed`, `consent-unknown`, and those of the store
 */
async function consentToRenew(input: OperationInput): Promise<string | undefined> {
  const { context, itemIndex, options } = input;
  if (!Object.hasOwn(options, 'renewConsent')) return undefined;
  const path = 'options.renewConsent';
  const value = context.getNodeParameter(path, itemIndex, '', { extractValue: true }) as unknown;
  const given = textOf(value, 'Renew Stored Consent').trim();
  if (!given) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Renew Stored Consent' },
      description:
        'Choose the consent whose tokens are to be replaced, or fix the expression, which yields an empty value. If the customer consents for the first time, remove the option. Nothing was sent.',
    });
  }
  const consent = consentName(given);
  await consentTokens(input).consentIds(consent).catch(assertRenewable);
  return consent;
}

/** A record that cannot be read can be replaced. @throws each other error */
function assertRenewable(error: unknown): void {
  if (!(error instanceof OpenBankingError)) throw error;
  if (error.code === 'record-damaged') return;
  if (error.code !== 'consent-unknown') throw error;
  throw error.with({
    description:
      'Choose a consent from the list: its tokens are replaced, and it keeps its name. For a customer whose tokens are not stored, remove the option, and give the name in "Keep for Consent" of "Exchange Authorization Code". Nothing was sent.',
  });
}

function requestFor(
  input: OperationInput,
  consentId: string | undefined,
): AuthorizationLinkOptions {
  const defaults = defaultsOf(input);
  const acrValues = blankableOption(input, 'acrValues', 'ACR Values') ?? defaults.acrValues;
  const maxAge = blankableOption(input, 'maxAge', 'Maximum Login Age') ?? defaults.maxAge;
  const isFormPost = switchOption(input, 'formPost', 'Use Form Post', false);
  return {
    delivery: choiceParameter(input, 'sendRequestAs', 'Send Request As', DELIVERIES),
    ...responseOf(
      choiceParameter(input, 'responseType', 'Response Type', RESPONSE_TYPES),
      isFormPost,
    ),
    pkce: switchOption(input, 'pkce', 'PKCE', true),
    consentId,
    acrValues: acrValues?.split(/\s+/).filter(Boolean),
    maxAge: secondsOf(maxAge),
    prompt: blankableOption(input, 'prompt', 'Prompt') ?? defaults.prompt,
    redirectUri: textOption(input, 'redirectUri', 'Redirect URI'),
    scope: textOption(input, 'scope', 'Scope'),
  };
}

const DELIVERIES: readonly RequestDelivery[] = [
  'requestObject',
  'pushedRequestObject',
  'pushed',
  'plain',
];

const RESPONSE_TYPES = ['code id_token', 'code', 'jwt'] as const;

/** Values that each request object has in the documentation of WSO2. */
function defaultsOf({
  settings,
}: OperationInput): Partial<Record<'acrValues' | 'maxAge' | 'prompt', string>> {
  if (settings.bank && settings.bank !== 'wso2') return {};
  return {
    acrValues: 'urn:openbanking:psd2:sca urn:openbanking:psd2:ca',
    maxAge: '86400',
    prompt: 'login',
  };
}

function responseOf(
  value: (typeof RESPONSE_TYPES)[number],
  byForm: boolean,
): Pick<AuthorizationLinkOptions, 'responseType' | 'responseMode'> {
  switch (value) {
    case 'code id_token':
    case 'code':
      return { responseType: value, ...(byForm && { responseMode: 'form_post' }) };
    case 'jwt':
      return { responseType: 'code', responseMode: byForm ? 'form_post.jwt' : 'jwt' };
  }
}

function secondsOf(value: string | undefined): number | undefined {
  if (!value?.trim()) return undefined;
  const seconds = Number(value);
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new OpenBankingError('field-malformed', {
    problem: 'wholeSeconds',
    values: { field: 'Maximum Login Age' },
    description: 'Give a whole number of seconds from 0 on.',
  });
}
