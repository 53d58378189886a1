import type { IGetNodeParameterOptions, IWebhookFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import type { KeepingSettings } from '../../core/tokens/settings';
import { isWrittenByHand } from '../writtenByHand';
import { pageTexts } from './pages/pageTexts';
import { LimitedLog } from './limitedLog';
import { receiveRedirect, type OpenedBank, type Receiver, type Reception } from './receiveRedirect';

/** The warnings of all triggers of this process. */
const log = new LimitedLog();

/** Properties that n8n adds to a request. */
interface ParsedRequest {
  readonly contentType?: string;
  readonly rawBody?: Buffer;
}

/**
 * Receives a request of n8n, and sends the page. n8n would replace the Content-Security-Policy of the page by its own, so this function
 * writes the response itself. The page is sandboxed as n8n's own.
 */
export async function receive(context: IWebhookFunctions): Promise<Reception> {
  const request = context.getRequestObject();
  const { contentType, rawBody } = request as ParsedRequest;
  const [, path = '', query = ''] = /^([^?]*?)\/?(?:\?(.*))?$/s.exec(request.originalUrl) ?? [];
  const reception = await receiveRedirect(
    { method: request.method, query, contentType, body: rawBody },
    () => receiverOf(context, path),
    pageTexts((path) => wording(context, path)),
  );
  const { page, failure, remarks = [] } = reception;
  if (failure) {
    const { code, message, description } = logged(failure);
    const line = `A redirect of a bank was not taken: ${message} (${code})`;
    warn(context, code, description ? `${line}. ${description}` : line);
  }
  for (const remark of remarks) warn(context, 'a "+" that is not encoded', remark);
  context.getResponseObject().writeHead(page.status, page.headers).end(page.body);
  return reception;
}

function receiverOf(context: IWebhookFunctions, path: string): Receiver {
  const sendCustomerTo = wording(context, 'sendCustomerTo');
  const onward = webAddress(text(sendCustomerTo));
  if (sendCustomerTo && !onward) {
    warn(
      context,
      '"Send Customer To"',
      '"Send Customer To" is no address that starts with https:// or http://',
    );
  }
  return {
    open: () => openBank(context),
    path,
    publicAddress: publicAddressOf(context),
    onward,
    isTest: context.getMode() === 'manual',
  };
}

/**
 * An option that changes only what the customer sees. If its expression fails, the option counts as not set: the customer's answer is more
 * important. Each option is read separately, so that a failure affects only one of them.
 */
function wording(context: IWebhookFunctions, path: string): unknown {
  try {
    return context.getNodeParameter(`options.${path}`, '');
  } catch {
    warn(
      context,
      `option "${path}"`,
      `The option "${path}" of the trigger is left out: its expression fails`,
    );
    return undefined;
  }
}

/**
 * The option "Redirect URI", with which answers are compared; `undefined` if a person left it empty. An expression that fails or yields no
 * text must not count as empty.
 *
 * @throws OpenBankingError `field-missing`
 */
function publicAddressOf(context: IWebhookFunctions): string | undefined {
  const read = (options?: IGetNodeParameterOptions) =>
    context.getNodeParameter('options.redirectUri', '', options);
  if (isWrittenByHand(read)) return text(read());
  let address: string | undefined;
  try {
    address = text(read());
  } catch {
    // Not reported: the error of an expression may contain data of the request.
  }
  if (address) return address;
  throw new OpenBankingError('field-missing', {
    problem: 'triggerAddress',
    outcome: 'not-sent',
  });
}

async function openBank(context: IWebhookFunctions): Promise<OpenedBank> {
  const settings = await context.getCredentials<BankSettings & KeepingSettings>('openBankingApi');
  const client = await clientOf(settings);
  return { pending: openPendingAuthorizations(client, settings), client };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() ? value.trim() : undefined;
}

/** `undefined` if the text is no web address. The customer then gets a page: the customer's answer is more important. */
function webAddress(given: string | undefined): string | undefined {
  if (!given || !URL.canParse(given)) return undefined;
  const { protocol, href } = new URL(given);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** The message of an unknown failure is not logged: it may contain parts of the request. */
function logged(failure: unknown): { code: string; message: string; description?: string } {
  if (failure instanceof OpenBankingError) return failure;
  return { code: 'unexpected', message: 'something unexpected happened' };
}

function warn(context: IWebhookFunctions, kind: string, line: string): void {
  const trigger = `${context.getWorkflow().id} ${context.getNode().id}`;
  log.warn(trigger, kind, line, (text) => context.logger.warn(text));
}
