import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { DAY } from '../../../../core/lib/time';
import { authorizationDetailsOf } from '../../../../core/oauth/authorization/authorizationDetails';
import type { AuthorizationLinkOptions } from '../../../../core/oauth/authorization/authorizationLink';
import { scopeOf } from '../../../../core/profile/profile';
import type { RegimeRules, RequestedAcr } from '../../../../core/profile/regime';
import {
  blankableOption,
  choiceOption,
  choiceParameter,
  jsonOption,
  switchOption,
  textOption,
} from '../../../parameters';
import type { OperationInput } from '../operation';
import type { AskedConsent } from './askedConsent';
import { furtherClaims } from './furtherClaims';
import { furtherParameters } from './furtherParameters';

/** A request for a link, and warnings. */
interface LinkRequest {
  readonly request: AuthorizationLinkOptions;
  readonly remarks: readonly string[];
}

/**
 * The authorization request that the fields describe. A field that is "Automatic" or was not added follows the regime.
 *
 * @throws OpenBankingError `input-missing`, `field-missing`, `field-malformed`
 */
export async function linkRequest(
  input: OperationInput,
  rules: RegimeRules,
  consent: AskedConsent,
): Promise<LinkRequest> {
  const delivery = choiceParameter(input, 'sendRequestAs', 'Send Request As', DELIVERIES);
  const type = choiceOption(input, 'requestObjectType', 'Request Object Type', OBJECT_TYPES);
  const details = jsonOption(input, 'authorizationDetails', 'Authorization Details');
  const maxAge = maxAgeOf(input) ?? rules.maxAge;
  const request = {
    delivery: delivery === 'automatic' ? rules.delivery : delivery,
    pushesIfRequired: delivery === 'automatic',
    ...responseOf(input, rules),
    pkce: switchOption(input, 'pkce', 'PKCE', true),
    consentId: consent.namedBy === 'claim' ? consent.id : undefined,
    consentScope: consent.scope,
    acr: acrOf(input, rules),
    maxAge: maxAge === 'unlimited' ? undefined : maxAge,
    omitsLogIn: rules.omitsLogIn,
    prompt: blankableOption(input, 'prompt', 'Prompt') ?? rules.prompt,
    furtherClaims: await furtherClaims(input, rules, consent),
    furtherParameters: furtherParameters(input),
    authorizationDetails: details === undefined ? undefined : authorizationDetailsOf(details),
    requestObjectType: type === undefined || type === 'automatic' ? rules.requestObjectType : type,
    redirectUri: textOption(input, 'redirectUri', 'Redirect URI'),
    // The regime of the node may have another default scope than that of the credential.
    scope: textOption(input, 'scope', 'Scope') ?? scopeOf(input.settings, rules),
  };
  return { request, remarks: maxAgeRemarks(request.maxAge) };
}

const DELIVERIES = [
  'automatic',
  ...(['requestObject', 'pushedRequestObject', 'pushed', 'plain'] as const),
] as const;

const RESPONSE_TYPES = ['automatic', 'code id_token', 'code', 'jwt'] as const;

const OBJECT_TYPES = ['automatic', 'oauth-authz-req+jwt', 'JWT'] as const;

function responseOf(
  input: OperationInput,
  rules: RegimeRules,
): Pick<AuthorizationLinkOptions, 'responseType' | 'responseMode'> {
  const chosen = choiceParameter(input, 'responseType', 'Response Type', RESPONSE_TYPES);
  const byForm = switchOption(input, 'formPost', 'Use Form Post', false);
  const isAutomatic = chosen === 'automatic';
  const isSigned = isAutomatic ? rules.responseMode === 'jwt' : chosen === 'jwt';
  if (isSigned) return { responseType: 'code', responseMode: byForm ? 'form_post.jwt' : 'jwt' };
  const responseType = isAutomatic || chosen === 'jwt' ? rules.responseType : chosen;
  return { responseType, ...(byForm && { responseMode: 'form_post' }) };
}

const ACR_KINDS = ['automatic', 'essential', 'voluntary', 'none'] as const;

/** The options "ACR" and "ACR Values". */
function acrOf(input: OperationInput, rules: RegimeRules): RequestedAcr | undefined {
  const kind = choiceOption(input, 'acr', 'ACR', ACR_KINDS) ?? 'automatic';
  const given = blankableOption(input, 'acrValues', 'ACR Values')?.split(/\s+/).filter(Boolean);
  const values = given ?? rules.acr?.values ?? [];
  switch (kind) {
    case 'automatic':
      if (given === undefined) return rules.acr;
      return given.length > 0 ? { values: given, essential: true } : undefined;
    case 'essential':
      return { values, essential: true };
    case 'voluntary':
      if (values.length > 0) return { values, essential: false };
      throw new OpenBankingError('field-missing', {
        problem: 'empty',
        values: { field: 'ACR Values' },
        description:
          'Give the values that the bank documents, or set "ACR" to "Not Requested": without values, there is nothing to ask for. Nothing was sent.',
      });
    case 'none':
      if (!given?.length) return undefined;
      throw new OpenBankingError('field-malformed', {
        problem: 'notTogether',
        values: { field: 'ACR Values', other: '"ACR", which is "Not Requested"' },
        description: 'Remove one of the two options. Nothing was sent.',
      });
  }
}

/** The option "Maximum Login Age"; `unlimited` if a person left it empty. */
function maxAgeOf(input: OperationInput): number | 'unlimited' | undefined {
  const given = blankableOption(input, 'maxAge', 'Maximum Login Age');
  if (given === undefined) return undefined;
  if (given === '') return 'unlimited';
  const seconds = Number(given);
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new OpenBankingError('field-malformed', {
    problem: 'wholeSeconds',
    values: { field: 'Maximum Login Age' },
    description: 'Give a whole number of seconds from 0 on.',
  });
}

/** A warning about an age that no log-in at a bank has: somebody may have meant the length of the access, or milliseconds. */
function maxAgeRemarks(seconds: number | undefined): string[] {
  if (seconds === undefined || seconds * 1000 <= DAY) return [];
  const days = Math.round((seconds * 1000) / DAY);
  return [
    `"Maximum Login Age" is ${seconds} seconds (${days === 1 ? 'more than a day' : `${days} days`}): the bank may then accept a log-in that is so old. It is the age of the log-in in seconds, and does not say how long the access lasts. A day (86400) is enough at most banks.`,
  ];
}
