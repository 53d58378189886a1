import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt, type JWTPayload } from 'jose';
import { startSandbox, type Sandbox, type StartOptions } from '../../support/bank/sandbox';
import { Browser, type Place } from '../browser';
import { TestThirdParty, type Answer } from '../thirdParty';
import { goodParameters } from './goodRequests';

/** Answers of the bank, as far as tests of regimes look at them. */
export interface RegimeBody {
  error?: string;
  error_description?: string;
  request_uri: string;
  access_token: string;
  refresh_token?: string;
  id_token: string;
  expires_in: number;
  cdr_arrangement_id?: string;
  data: { consentId: string; status: string; accounts: object[] };
  Data: { ConsentId: string; Account: object[] };
  errors: { code: string; detail: string }[];
  Errors: { Message: string }[];
}

/** How a request differs from a good one. */
export interface RequestChanges {
  parameters?: JWTPayload;
  /** Parameters of the address. */
  address?: Record<string, string>;
}

/** The answer that comes back to the third party. */
export interface Redirect {
  place: Place;
  /** Parameters of the redirect; those in a response JWT are unpacked. */
  parameters: Record<string, string>;
  verifier: string;
}

/** A third party at the bank of a regime: it does what the regime wants, by hand. */
export class RegimeThirdParty extends TestThirdParty {
  constructor(readonly bank: Sandbox) {
    super(bank.ready);
  }

  /** Starts the bank of a regime, with a third party. */
  static async at(options: StartOptions): Promise<RegimeThirdParty> {
    return new RegimeThirdParty(await startSandbox(options));
  }

  async stop(): Promise<void> {
    this.close();
    await this.bank.stop();
  }

  async applicationToken(scope: string): Promise<string> {
    return (await this.token({ grant_type: 'client_credentials', scope })).body.access_token;
  }

  /** Calls an address at the gateway with a token, and the headers that the regimes want. */
  async gateway(
    path: string,
    token: string,
    options: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer & { json: RegimeBody }> {
    const answer = await this.call(this.bank.ready.gatewayUrl + path, {
      ...options,
      headers: {
        authorization: `Bearer ${token}`,
        'x-fapi-interaction-id': randomUUID(),
        'x-v': '2',
        'content-type': 'application/json',
        ...options.headers,
      },
    });
    return { ...answer, json: answer.body as unknown as RegimeBody };
  }

  /** Creates a consent as the regime wants it. Returns its ID, or an empty text if there is nothing to create. */
  async createConsent(): Promise<string> {
    const obie = '/open-banking/v3.1/aisp/account-access-consents';
    const message = { Data: { Permissions: ['ReadAccountsDetail'] }, Risk: {} };
    switch (this.bank.ready.regime) {
      case 'fapi1':
      case 'fapi2':
      case 'australia':
        return '';
      case 'brazil': {
        const { json } = await this.createBrazilConsent();
        return json.data.consentId;
      }
      case 'saudiArabiaFapi2': {
        const answer = await this.gateway(obie, await this.applicationToken('accounts'), {
          method: 'POST',
          headers: { 'content-type': 'application/jwt', accept: 'application/jwt' },
          body: await this.signedMessage(message),
        });
        return (decodeJwt(answer.text).message as RegimeBody).Data.ConsentId;
      }
      default: {
        const { json } = await this.gateway(obie, await this.applicationToken('accounts'), {
          method: 'POST',
          body: JSON.stringify(message),
        });
        return json.Data.ConsentId;
      }
    }
  }

  async createBrazilConsent(data: object = {}, scope = 'consents') {
    return this.gateway('/open-banking/consents/v3/consents', await this.applicationToken(scope), {
      method: 'POST',
      body: JSON.stringify({
        data: {
          loggedUser: { document: { rel: 'CPF', identification: '52998224725' } },
          permissions: ['ACCOUNTS_READ', 'ACCOUNTS_BALANCES_READ', 'RESOURCES_READ'],
          ...data,
        },
      }),
    });
  }

  /** A consent request in a signed JWT. */
  signedMessage(message: object, claims: JWTPayload = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { clientId, issuer } = this.bank.ready;
    const times = { iat: now, nbf: now - 1, exp: now + 600 };
    return this.sign({ iss: clientId, aud: [issuer], ...times, message, ...claims });
  }

  /** Makes an authorization request, pushed if the regime wants that. Returns its address, or the refusal at PAR. */
  async request(
    consent: string,
    changes: RequestChanges = {},
  ): Promise<{ address?: string; verifier: string; answer?: Answer & { json: RegimeBody } }> {
    const { ready } = this.bank;
    const { clientId, issuer, identityUrl, redirectUri, regime } = ready;
    const verifier = randomBytes(32).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const parameters: JWTPayload = {
      client_id: clientId,
      redirect_uri: redirectUri,
      state: randomUUID(),
      nonce: randomUUID(),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...goodParameters(regime, consent),
      ...changes.parameters,
    };
    const times = { iss: clientId, aud: issuer, nbf: now - 1, exp: now + 500 };
    const request = await this.sign({ ...parameters, ...times });
    const authorize = `${identityUrl}/oauth2/authorize`;
    const { response_type = '', scope = '' } = parameters as Record<string, string>;
    if (regime === 'fapi1' || regime === 'uk') {
      const query = { client_id: clientId, response_type, scope, request, ...changes.address };
      return { address: `${authorize}?${String(new URLSearchParams(query))}`, verifier };
    }
    const form = regime === 'fapi2' ? present(parameters) : { request };
    const sent = await this.post(`${identityUrl}/oauth2/par`, {
      client_id: clientId,
      ...form,
      ...(await this.credentials()),
    });
    const answer = { ...sent, json: sent.body as unknown as RegimeBody };
    if (answer.status !== 201) return { verifier, answer };
    const query = { client_id: clientId, request_uri: answer.json.request_uri, ...changes.address };
    return { address: `${authorize}?${String(new URLSearchParams(query))}`, verifier, answer };
  }

  /** Makes a request, and lets the customer log in and approve. */
  async approved(consent: string, changes: RequestChanges = {}): Promise<Redirect> {
    const { address, verifier, answer } = await this.request(consent, changes);
    if (address === undefined) throw new Error(`PAR was refused: ${answer?.text}`);
    const browser = new Browser(this, this.bank.ready.redirectUri);
    let place = await browser.open(address);
    if (place.answer.text.includes('Log in to Sandbox Bank')) {
      place = await browser.submit(place, [
        ['username', 'alex.morgan'],
        ['password', 'sandbox'],
      ]);
    }
    if (place.answer.text.includes('Share your accounts with')) {
      place = await browser.submit(place, [
        ['account', '30080012343456'],
        ['decision', 'approve'],
      ]);
    }
    if (place.answer.text.includes('This did not work')) throw new Error(place.answer.text);
    const { hash, searchParams } = place.url;
    const parameters = Object.fromEntries(hash ? new URLSearchParams(hash.slice(1)) : searchParams);
    const signed = parameters.response
      ? decodeJwt<Record<string, string>>(parameters.response)
      : {};
    return { place, verifier, parameters: { ...parameters, ...signed } };
  }

  /** Exchanges the code of a redirect. */
  async tokens({ parameters, verifier }: Redirect): Promise<Answer & { json: RegimeBody }> {
    const answer = await this.token({
      grant_type: 'authorization_code',
      code: parameters.code ?? '',
      redirect_uri: this.bank.ready.redirectUri,
      code_verifier: verifier,
    });
    return { ...answer, json: answer.body as unknown as RegimeBody };
  }

  async refreshed(refreshToken: string): Promise<Answer & { json: RegimeBody }> {
    const answer = await this.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    return { ...answer, json: answer.body as unknown as RegimeBody };
  }
}

/** The parameters that have a value. */
function present(parameters: JWTPayload): Record<string, string> {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Record<string, string>;
}
