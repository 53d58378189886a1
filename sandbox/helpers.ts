import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Calendar } from './calendar';
import {
  CLIENT_ID,
  CLIENT_KEYS,
  type ClientKey,
  type RegisteredClient,
  type Registrations,
} from './clients';
import type { Consent, Consents } from './consents';
import { Customer } from './customer';
import { readBody } from './form';
import type { Journal } from './journal';
import type { Misbehaviours, MisbehaviourWish } from './misbehaviours';
import { PATHS, type Lifetimes } from './provider';
import { SHORT_LINK_PATH, ShortLinks } from './links';
import { ASSETS, REDIRECT_SCRIPT, renderRedirect, renderRefusal } from './pages';
import type { SandboxAuthorization, SandboxConnections } from './ready';
import { readRefusalPlan, type Refusals } from './refusals';
import type { RegimeName } from './regimes/regime';
import { replyAsset, replyJson, replyPage, replyRedirect } from './replies';
import { STYLE_SHEET } from './styleSheet';
import { ThirdParty, type BankAddress } from './thirdParty';

/** Path of the page at the redirect URI. */
export const REDIRECT_PATH = '/sandbox/redirect';

const ONLY_WSO2 = 'Only the bank of the regime wso2 has a third party and a customer of its own.';

/** Path of the switches of misbehaviours. */
const MISBEHAVIOURS_PATH = '/sandbox/misbehaviours';

/** The parts of the bank that the helpers show and change. */
export interface HelperOptions {
  regime: RegimeName;
  clients: RegisteredClient[];
  bank: BankAddress;
  journal: Journal;
  connections: () => SandboxConnections;
  lifetimes: Lifetimes;
  consents: Consents;
  calendar: Calendar;
  refusals: Refusals;
  misbehaviours: Misbehaviours;
  registrations: Registrations;
}

/** Pages and endpoints below `/sandbox/`, for people and tests that have no third party of their own. */
export class Helpers {
  private readonly thirdParties: Map<string, ThirdParty>;
  private readonly links: ShortLinks;

  constructor(private readonly options: HelperOptions) {
    const { clients, bank } = options;
    this.thirdParties = new Map(
      clients.map((client) => [client.clientId, new ThirdParty(client, bank)]),
    );
    this.links = new ShortLinks(bank.identityUrl, bank.identityUrl + PATHS.authorize);
  }

  /** Answers a request to `/sandbox/…`. Returns `false` if there is no such page. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = request.url?.split('?')[0] ?? '';
    if (request.method === 'GET' && path.startsWith(SHORT_LINK_PATH)) {
      this.follow(path, response);
      return true;
    }
    if (path.startsWith(MISBEHAVIOURS_PATH)) {
      return this.misbehave(request, response, path.slice(MISBEHAVIOURS_PATH.length + 1));
    }
    switch (`${request.method} ${path}`) {
      case 'GET /sandbox/customer-link': {
        if (this.options.regime !== 'wso2') {
          replyPage(response, 404, renderRefusal('No link.', ONLY_WSO2));
          return true;
        }
        const { url } = await this.thirdParties.get(CLIENT_ID)!.requestAuthorization();
        replyRedirect(response, url);
        return true;
      }
      case `GET ${REDIRECT_PATH}`:
        replyPage(response, 200, renderRedirect());
        return true;
      case `GET ${ASSETS.style}`:
        replyAsset(response, 'text/css', STYLE_SHEET);
        return true;
      case `GET ${ASSETS.script}`:
        replyAsset(response, 'text/javascript', REDIRECT_SCRIPT);
        return true;
      case 'POST /sandbox/authorization':
        await this.authorize(request, response);
        return true;
      case 'POST /sandbox/links':
        await this.shorten(request, response);
        return true;
      case 'GET /sandbox/requests':
        replyJson(response, 200, this.options.journal.read());
        return true;
      case 'DELETE /sandbox/requests':
        this.options.journal.clear();
        response.writeHead(204).end();
        return true;
      case 'GET /sandbox/connections':
        replyJson(response, 200, this.options.connections());
        return true;
      case 'PUT /sandbox/access-token-lifetime':
        await this.setLifetime(request, response);
        return true;
      case 'POST /sandbox/hanging-consents':
        await this.hang(request, response);
        return true;
      case 'POST /sandbox/revoked-consents':
        await this.revoke(request, response);
        return true;
      case 'PUT /sandbox/refusals':
        await this.refuse(request, response);
        return true;
      case 'PUT /sandbox/registered-keys':
        await this.registerKeys(request, response);
        return true;
      case 'POST /sandbox/next-day':
        this.options.calendar.nextDay();
        response.writeHead(204).end();
        return true;
      default:
        return false;
    }
  }

  private async registerKeys(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const keys = JSON.parse(String(await readBody(request)) || 'null') as unknown;
    if (!Array.isArray(keys) || !keys.every((key) => CLIENT_KEYS.includes(key as ClientKey))) {
      return replyJson(response, 400, {
        error: 'The body must be JSON, such as ["current", "next"]',
      });
    }
    this.options.registrations.registerKeys(keys as ClientKey[]);
    response.writeHead(204).end();
  }

  private async refuse(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const plan = readRefusalPlan(String(await readBody(request)));
    if (!plan) {
      return replyJson(response, 400, {
        error: 'The body must be JSON, such as {"count": 3, "status": 429, "retryAfter": "1"}',
      });
    }
    this.options.refusals.set(plan);
    response.writeHead(204).end();
  }

  private async misbehave(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
  ): Promise<boolean> {
    const { misbehaviours } = this.options;
    if (request.method === 'DELETE') {
      misbehaviours.end(name || undefined);
      response.writeHead(204).end();
      return true;
    }
    if (request.method !== 'POST') return false;
    try {
      const wish = JSON.parse(String(await readBody(request)) || '{}') as MisbehaviourWish;
      misbehaviours.start(name, wish);
      response.writeHead(204).end();
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
      replyJson(response, 400, { error: error.message });
    }
    return true;
  }

  private async revoke(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const consent = await this.namedConsent(request);
    if (!consent) return replyJson(response, 400, { error: 'The body must be a consent ID' });
    this.options.consents.revoke(consent);
    response.writeHead(204).end();
  }

  private async namedConsent(request: IncomingMessage): Promise<Consent | undefined> {
    return this.options.consents.find(String(await readBody(request)).replace(/^"|"$/g, ''));
  }

  private async hang(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const consent = await this.namedConsent(request);
    if (!consent) return replyJson(response, 400, { error: 'The body must be a consent ID' });
    this.options.consents.hang(consent.id);
    response.writeHead(204).end();
  }

  private async shorten(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = this.links.add(String(await readBody(request)));
    if (url) return replyJson(response, 201, { url });
    replyJson(response, 400, {
      error: `The body must be an address that begins with ${this.options.bank.identityUrl}${PATHS.authorize}?`,
    });
  }

  private follow(path: string, response: ServerResponse): void {
    const address = this.links.find(path);
    if (address) return replyRedirect(response, address);
    const reason = 'The bank does not know this link: it forgets all links when it is closed.';
    replyPage(response, 404, renderRefusal('Unknown link.', reason));
  }

  private async setLifetime(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seconds = Number(String(await readBody(request)));
    if (!Number.isInteger(seconds) || seconds < 1) {
      return replyJson(response, 400, { error: 'The body must be a whole number of seconds' });
    }
    this.options.lifetimes.accessToken = seconds;
    response.writeHead(204).end();
  }

  private async authorize(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.options.regime !== 'wso2') return replyJson(response, 404, { error: ONLY_WSO2 });
    let body: { client_id?: string; accounts?: string[] };
    try {
      body = JSON.parse(String(await readBody(request)) || '{}') as typeof body;
    } catch {
      return replyJson(response, 400, {
        error: 'The body must be JSON, such as {"client_id": "…", "accounts": ["…"]}',
      });
    }
    const { client_id: clientId = CLIENT_ID, accounts } = body;
    const thirdParty = this.thirdParties.get(clientId);
    if (!thirdParty) {
      return replyJson(response, 400, { error: `There is no client ${JSON.stringify(clientId)}` });
    }
    const { url, state, nonce, consentId } = await thirdParty.requestAuthorization();
    const customer = new Customer(this.options.bank.authority);
    const redirect = await customer.approve(url, this.options.bank.redirectUri, accounts);
    const answer = new URLSearchParams(redirect.hash.slice(1));
    const authorization: SandboxAuthorization = {
      redirect_url: redirect.href,
      code: answer.get('code') ?? '',
      id_token: answer.get('id_token') ?? '',
      state,
      nonce,
      consent_id: consentId,
    };
    replyJson(response, 200, authorization);
  }
}
