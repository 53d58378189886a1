import type { IDataObject } from 'n8n-workflow';
import type { KeyObject } from 'node:crypto';
import type { ErrorCode } from '../../core/errors/catalogue';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { readRedirect, redirectAddress } from '../../core/oauth/authorization/redirect';
import { isAnswer } from '../../core/oauth/authorization/redirectParameters';
import {
  assertSignature,
  signatureAskedFor,
} from '../../core/oauth/authorization/redirectSignature';
import type { PendingAuthorizations } from '../../core/tokens/pendingAuthorizations';
import { unknownState } from '../unknownState';
import { incoming, type Incoming, type RedirectRequest } from './incoming';
import {
  ARRIVED,
  arrivedPage,
  errorPage,
  fragmentPage,
  onwardPage,
  takenPage,
  type Page,
} from './pages/pages';
import { pageTexts, type PageTexts } from './pages/pageTexts';
import { rejectionPage } from './pages/rejectionPage';

/** What the trigger knows of the bank. */
export interface OpenedBank {
  readonly pending: Pick<PendingAuthorizations, 'find' | 'receive'>;
  /** Opens encrypted response JWTs. */
  readonly decryptionKey?: KeyObject;
  /** Verifies a response JWT (JARM). @throws OpenBankingError `response-jwt-…`, `jwks-…` */
  verifyResponse(response: string): Promise<unknown>;
}

/** What the trigger knows besides the request. */
export interface Receiver {
  /** Opens the place where authorizations wait. */
  open(): Promise<OpenedBank>;
  /** Path at which the request met n8n, such as `/webhook/open-banking-redirect`. */
  readonly path: string;
  /** Address that the browser sees, where a proxy hands redirects on under another one. */
  readonly publicAddress?: string;
  /** Where the customer is sent once an answer was taken. */
  readonly onward?: string;
  /** Whether n8n takes a single request ("Listen for Test Event"): a browser that is sent on would find nothing. */
  readonly isTest: boolean;
}

/** What becomes of a request. */
export interface Reception {
  readonly page: Page;
  /** An answer with a code, ready for an exchange: what it is compared with stays among the pending authorizations. */
  readonly authorized?: IDataObject;
  /** An answer with an error in place of a code. */
  readonly notAuthorized?: IDataObject;
  /** Why nothing was handed on; without anything of the request. */
  readonly failure?: unknown;
}

/**
 * Receives a request at the redirect URI. It never fails: what goes wrong becomes a page.
 *
 * @param receiver asked for what may be an answer alone; it may fail, as expressions do
 * @param texts what the pages say
 */
export async function receiveRedirect(
  request: RedirectRequest,
  receiver: () => Receiver,
  texts = pageTexts(),
): Promise<Reception> {
  try {
    const received = incoming(request);
    if (request.method === 'GET' && !isAnswer(received.parameters)) {
      const hasArrived = received.parameters.has(ARRIVED);
      return { page: hasArrived ? arrivedPage(texts) : fragmentPage(texts) };
    }
    return await accept(request, received, receiver(), texts);
  } catch (failure) {
    return { page: rejectionPage(failure, texts), failure };
  }
}

async function accept(
  { method }: RedirectRequest,
  { parameters, part }: Incoming,
  receiver: Receiver,
  texts: PageTexts,
): Promise<Reception> {
  if (!isAnswer(parameters)) {
    throw rejected('redirect-malformed', 'The redirect carries no answer of a bank');
  }
  const bank = await receiver.open();
  const { state, error, signature } = await readRedirect(parameters, bank.decryptionKey);
  const pending = await bank.pending.find(state);
  if (!pending || pending === 'used') throw unknownState();
  // What is wrong with an answer is found first: otherwise whoever sends a wrong one would use the customer's authorization up.
  const { consentId, redirectUri, responseType, responseMode } = pending;
  if (!isMeantFor(receiver, redirectUri)) {
    throw rejected(
      'redirect-elsewhere',
      'The redirect was meant for another address than that of this trigger',
    );
  }
  const asked = signatureAskedFor(responseType, responseMode);
  // The ID token of a hybrid flow comes with a code alone.
  if (!error || asked === 'response') assertSignature(asked, signature);
  // A code is verified where it is exchanged; an error is at its end here.
  if (error && signature === 'response') await bank.verifyResponse(parameters.get('response')!);
  if (!(await bank.pending.receive(state))) throw unknownState();
  const common = { state, ...(consentId && { consent_id: consentId }), redirect_uri: redirectUri };
  if (error) {
    const { code, description } = error;
    return {
      page: errorPage(texts, code, description),
      notAuthorized: { error: code, error_description: description, ...common },
    };
  }
  return {
    page: thanks(receiver, method, texts),
    authorized: { redirect: redirectAddress(redirectUri, parameters, part), ...common },
  };
}

function thanks({ onward, isTest }: Receiver, method: string, texts: PageTexts): Page {
  if (onward) return onwardPage(texts, onward, method);
  return isTest ? arrivedPage(texts) : takenPage(texts);
}

/** n8n knows the path that it was asked for, not what proxies took away before it: by default the end of the path alone is compared. */
function isMeantFor({ path, publicAddress }: Receiver, redirectUri: string): boolean {
  if (publicAddress) return redirectUri === publicAddress;
  return new URL(redirectUri).pathname.replace(/\/$/, '').endsWith(path);
}

function rejected(code: ErrorCode, message: string): OpenBankingError {
  return new OpenBankingError(code, { message, outcome: 'not-sent' });
}
