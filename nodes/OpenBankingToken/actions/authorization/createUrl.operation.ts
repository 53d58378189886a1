import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type {
  AuthorizationLinkOptions,
  RequestDelivery,
} from '../../../../core/oauth/authorization/authorizationLink';
import { consentName } from '../../../../core/tokens/consentName';
import { isWrittenByHand } from '../../../writtenByHand';
import { pendingAuthorizations, type Operation, type OperationInput } from '../operation';
import { switchOption, textOptions, textParameter } from '../parameters';

/**
 * Create Authorization URL: the address at the bank where a customer gives consent (RFC 6749 §4.1.1, RFC 9101, RFC 9126). The request is
 * stored before the address is returned, so that the answer of the customer can be verified.
 */
export const createUrl: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    const consentId = givenConsentId(input);
    const request = requestFor(input, consentId);
    const kept = switchOption(input, 'keepPending', true)
      ? pendingAuthorizations(input)
      : undefined;
    const link = await input.client.authorizationLink(request);
    const { state, nonce, codeVerifier, redirectUri } = link;
    const { responseType, responseMode, acrValues, maxAge } = request;
    await kept?.keep({
      ...{ state, nonce, codeVerifier, redirectUri },
      ...{ consentId, responseType, responseMode, acrValues, maxAge },
      requestedAt: Math.floor(Date.now() / 1000),
    });
    const item = {
      ...{ url: link.url, state },
      ...(!kept && nonce && { nonce }),
      ...(!kept && codeVerifier && { code_verifier: codeVerifier }),
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
  const given = textParameter(input, 'consentId');
  const isByHand = isWrittenByHand((options) =>
    context.getNodeParameter('consentId', itemIndex, '', options),
  );
  if (isByHand && !given.trim()) return undefined;
  try {
    return consentName(given);
  } catch (error) {
    throw (error as OpenBankingError).with({
      description:
        'Connect the node that creates the consent, or give its ID. Leave the field empty if the bank has no consents of that kind.',
    });
  }
}

function requestFor(
  input: OperationInput,
  consentId: string | undefined,
): AuthorizationLinkOptions {
  const options = { ...defaultsOf(input), ...textOptions(input) };
  return {
    delivery: deliveryOf(textParameter(input, 'sendRequestAs')),
    ...responseOf(textParameter(input, 'responseType'), switchOption(input, 'formPost', false)),
    pkce: switchOption(input, 'pkce', true),
    consentId,
    acrValues: options.acrValues?.split(/\s+/).filter(Boolean),
    maxAge: secondsOf(options.maxAge),
    prompt: options.prompt?.trim(),
    redirectUri: options.redirectUri,
    scope: options.scope,
  };
}

/** Values that each request object has in the documentation of WSO2. */
function defaultsOf({ settings }: OperationInput): Record<string, string | undefined> {
  if (settings.bank && settings.bank !== 'wso2') return {};
  return {
    acrValues: 'urn:openbanking:psd2:sca urn:openbanking:psd2:ca',
    maxAge: '86400',
    prompt: 'login',
  };
}

function deliveryOf(value: string): RequestDelivery {
  switch (value) {
    case 'requestObject':
    case 'pushedRequestObject':
    case 'pushed':
    case 'plain':
      return value;
    default:
      throw unknown('Send Request As');
  }
}

function responseOf(
  value: string,
  byForm: boolean,
): Pick<AuthorizationLinkOptions, 'responseType' | 'responseMode'> {
  switch (value) {
    case 'code id_token':
    case 'code':
      return { responseType: value, ...(byForm && { responseMode: 'form_post' }) };
    case 'jwt':
      return { responseType: 'code', responseMode: byForm ? 'form_post.jwt' : 'jwt' };
    default:
      throw unknown('Response Type');
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

function unknown(field: string): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'unknownValue',
    values: { field },
  });
}
