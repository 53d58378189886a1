import type { IDataObject } from 'n8n-workflow';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { redirectAddress } from '../../core/oauth/authorization/redirectAddress';
import { isAnswer, redirectMalformed } from '../../core/oauth/authorization/redirectParameters';
import type { BankClient } from '../../core/oauth/client';
import {
  consentOf,
  expectationsOf,
  type PendingAuthorizations,
} from '../../core/tokens/pendingAuthorizations';
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

/** The bank of the trigger's credential. */
export interface OpenedBank {
  readonly pending: Pick<PendingAuthorizations, 'findWaiting' | 'receive' | 'receiveUnsignedError'>;
  /** Reads the answers of the bank. */
  readonly client: Pick<BankClient, 'locateRedirect' | 'verifyRedirect'>;
}

/** The settings of the trigger that receives a request. */
export interface Receiver {
  /** Opens the store of pending authorizations. */
  open(): Promise<OpenedBank>;
  /** Path of the request at n8n, such as `/webhook/open-banking-redirect`. */
  readonly path: string;
  /** Address that the browser sees, if a proxy forwards redirects from another address. */
  readonly publicAddress?: string;
  /** Address to which the customer is sent after the answer was accepted. */
  readonly onward?: string;
  /** Whether n8n accepts only one request ("Listen for Test Event"): the page after a redirect back to n8n could not be served. */
  readonly isTest: boolean;
}

/** The result of a request. */
export interface Reception {
  readonly page: Page;
  /** An answer with a code, ready for an exchange. The values to compare it with stay in the pending authorization. */
  readonly authorized?: IDataObject;
  /** An answer with an error and no code. */
  readonly notAuthorized?: IDataObject;
  /** The reason why the answer was rejected. */
  readonly failure?: unknown;
  /** Warnings about an answer that was accepted. */
  readonly remarks?: readonly string[];
}

/**
 * Receives a request to the redirect URI. It never throws: each failure becomes a page.
 *
 * @param receiver called only if the request may be an answer; may throw, because it evaluates expressions
 * @param texts texts of the pages
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
  { parameters, part, remarks }: Incoming,
  receiver: Receiver,
  texts: PageTexts,
): Promise<Reception> {
  if (!isAnswer(parameters)) throw redirectMalformed({ problem: 'noAnswer' });
  const { pending: authorizations, client } = await receiver.open();
  const { state, parameters: readable } = await client.locateRedirect(parameters);
  const pending = await authorizations.findWaiting(state);
  if (!pending) throw unknownState();
  const { consent, consentId } = consentOf(pending);
  const { redirectUri } = pending;
  if (!isMeantFor(receiver, redirectUri)) {
    throw new OpenBankingError('redirect-elsewhere', { outcome: 'not-sent' });
  }
  // All checks come before `receive`: otherwise anybody could use up the customer's authorization with a wrong answer.
  const answer = await client.verifyRedirect(readable, expectationsOf(pending));
  // An error that is not signed may be forged. It is reported once, and the bank's answer can still come.
  const isUnsignedError = answer.kind === 'error' && !answer.isSigned;
  const receiving = isUnsignedError
    ? authorizations.receiveUnsignedError(state)
    : authorizations.receive(state);
  if (!(await receiving)) throw unknownState();
  const common = {
    state,
    ...(consent && { consent }),
    ...(consentId && { consent_id: consentId }),
    redirect_uri: redirectUri,
  };
  if (answer.kind === 'error') {
    const { error, description } = answer;
    return {
      page: errorPage(texts, error, description),
      notAuthorized: { error, error_description: description, ...common },
      remarks,
    };
  }
  return {
    page: thanks(receiver, method, texts),
    authorized: { redirect: redirectAddress(redirectUri, parameters, part), ...common },
    remarks,
  };
}

function thanks({ onward, isTest }: Receiver, method: string, texts: PageTexts): Page {
  if (onward) return onwardPage(texts, onward, method);
  return isTest ? arrivedPage(texts) : takenPage(texts);
}

/** By default, only the end of the path is compared: a proxy may have removed a part before it, which n8n does not see. */
function isMeantFor({ path, publicAddress }: Receiver, redirectUri: string): boolean {
  if (publicAddress) return redirectUri === publicAddress;
  return new URL(redirectUri).pathname.replace(/\/$/, '').endsWith(path);
}
