import type { IWebhookFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { BankSettings } from '../../oauth/settings';
import type { KeepingSettings } from '../../tokens/settings';
import type { OpenedBank, Receiver, Reception } from './receiveRedirect';

/** What n8n adds to a request. */
interface ParsedRequest {
  readonly contentType?: string;
  readonly rawBody?: Buffer;
}

/**
 * Receives a request with n8n's means, and answers it. n8n would replace the Content-Security-Policy by its own, so the page is
 * sent here; it is sandboxed all the same.
 */
export async function receive(context: IWebhookFunctions): Promise<Reception> {
  const { receiveRedirect } = await import('./receiveRedirect');
  const request = context.getRequestObject();
  const { contentType, rawBody } = request as ParsedRequest;
  const [, path = '', query = ''] = /^([^?]*?)\/?(?:\?(.*))?$/s.exec(request.originalUrl) ?? [];
  const reception = await receiveRedirect(
    { method: request.method, query, contentType, body: rawBody },
    () => receiverOf(context, path),
  );
  const { page, failure } = reception;
  // Neither the request nor the message of a failure of unknown origin, in which some of it may be.
  if (failure) context.logger.warn(`A redirect of a bank was not taken: ${reason(failure)}`);
  context.getResponseObject().writeHead(page.status, page.headers).end(page.body);
  return reception;
}

function receiverOf(context: IWebhookFunctions, path: string): Receiver {
  const { redirectUri, sendCustomerTo } = context.getNodeParameter('options', {}) as {
    redirectUri?: unknown;
    sendCustomerTo?: unknown;
  };
  const onward = webAddress(text(sendCustomerTo));
  if (sendCustomerTo && !onward) {
    context.logger.warn('"Send Customer To" is no address that starts with https:// or http://');
  }
  return {
    open: () => openBank(context),
    path,
    publicAddress: text(redirectUri),
    onward,
    isTest: context.getMode() === 'manual',
  };
}

async function openBank(context: IWebhookFunctions): Promise<OpenedBank> {
  const { profileOf } = await import('../../oauth/profile');
  const { pendingAuthorizationsOf } = await import('../../tokens/consentTokensOf');
  const settings = await context.getCredentials<BankSettings & KeepingSettings>('openBankingApi');
  const profile = await profileOf(settings);
  return {
    pending: await pendingAuthorizationsOf(profile, settings),
    decryptionKey: profile.decryptionKey,
    async verifyResponse(response) {
      const { endpointsOf } = await import('../../oauth/discovery');
      const { responseJwtParameters } = await import('../../oauth/responseJwt');
      return responseJwtParameters(response, profile, await endpointsOf(profile));
    },
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() ? value.trim() : undefined;
}

/** An address that is none leads to the page in place of it: the customer's answer counts more. */
function webAddress(given: string | undefined): string | undefined {
  if (!given || !URL.canParse(given)) return undefined;
  const { protocol, href } = new URL(given);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

function reason(failure: unknown): string {
  if (failure instanceof OpenBankingError) return `${failure.message} (${failure.code})`;
  return 'something unexpected happened (unexpected)';
}
