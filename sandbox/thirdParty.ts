import { createPrivateKey, randomBytes, randomUUID } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { CLIENT_SECRET, keyIdOf, SCOPE, type RegisteredClient } from './clients';
import { USUAL_PERMISSIONS } from './consents';
import { HttpsClient, type HttpsAnswer } from './httpsClient';
import { PATHS, STRONG_AUTHENTICATION } from './provider';
import { V3 } from './versions';

/** The bank's addresses for third parties. */
export interface BankAddress {
  identityUrl: string;
  gatewayUrl: string;
  issuer: string;
  redirectUri: string;
  /** Root certificate, PEM. */
  authority: string;
}

/** An authorization request for a customer. */
export interface AuthorizationRequest {
  /** Address at the bank, with the signed request object by value. */
  url: string;
  state: string;
  nonce: string;
  consentId: string;
}

/** The proof of who a client is. */
interface Authentication {
  form: Record<string, string>;
  headers?: Record<string, string>;
}

/** A third party: it prepares a consent and sends its customer to the bank. */
export class ThirdParty {
  private readonly https: HttpsClient;

  constructor(
    private readonly client: RegisteredClient,
    private readonly bank: BankAddress,
  ) {
    this.https = new HttpsClient(bank.authority, client.identity);
  }

  /** Gets an application token, creates a consent with it, and signs a request object for the consent. */
  async requestAuthorization(): Promise<AuthorizationRequest> {
    const consentId = await this.createConsent(await this.applicationToken());
    const state = randomUUID();
    const nonce = randomUUID();
    const { client, bank } = this;
    const request = await this.requestObject({ state, nonce, consentId });
    const parameters = new URLSearchParams({
      response_type: 'code id_token',
      client_id: client.clientId,
      scope: SCOPE,
      redirect_uri: bank.redirectUri,
      state,
      nonce,
      prompt: 'login',
      request,
    });
    return {
      url: `${bank.identityUrl}${PATHS.authorize}?${String(parameters)}`,
      state,
      nonce,
      consentId,
    };
  }

  private async applicationToken(): Promise<string> {
    const { form, headers = {} } = await this.authentication();
    const parameters = { grant_type: 'client_credentials', scope: SCOPE, ...form };
    const answer = await this.https.call(this.bank.issuer, {
      method: 'POST',
      headers,
      body: String(new URLSearchParams(parameters)),
    });
    return read<{ access_token: string }>(answer, 200).access_token;
  }

  private async authentication(): Promise<Authentication> {
    const { clientId, authentication } = this.client;
    const form = { client_id: clientId };
    switch (authentication) {
      case 'tls_client_auth':
      case 'self_signed_tls_client_auth':
        return { form };
      case 'client_secret_post':
        return { form: { ...form, client_secret: CLIENT_SECRET } };
      case 'client_secret_basic': {
        const secret = new URLSearchParams({ '': CLIENT_SECRET }).toString().slice(1);
        const credentials = Buffer.from(`${clientId}:${secret}`).toString('base64');
        return { form: {}, headers: { authorization: `Basic ${credentials}` } };
      }
      case 'private_key_jwt': {
        const assertion = await this.sign({ sub: clientId, aud: this.bank.issuer });
        const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
        return { form: { ...form, client_assertion_type, client_assertion: assertion } };
      }
    }
  }

  private async createConsent(token: string): Promise<string> {
    const answer = await this.https.call(
      `${this.bank.gatewayUrl}${V3.path}/account-access-consents`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'x-fapi-financial-id': 'open-bank',
        },
        body: JSON.stringify({
          Data: {
            Permissions: USUAL_PERMISSIONS,
            ExpirationDateTime: new Date(Date.now() + 90 * 86_400_000).toISOString(),
          },
          Risk: {},
        }),
      },
    );
    return read<{ Data: { ConsentId: string } }>(answer, 201).Data.ConsentId;
  }

  private requestObject({
    state,
    nonce,
    consentId,
  }: Omit<AuthorizationRequest, 'url'>): Promise<string> {
    const intent = { value: consentId, essential: true };
    return this.sign({
      aud: this.bank.issuer,
      response_type: 'code id_token',
      client_id: this.client.clientId,
      redirect_uri: this.bank.redirectUri,
      scope: SCOPE,
      state,
      nonce,
      prompt: 'login',
      max_age: 86_400,
      claims: {
        userinfo: { openbanking_intent_id: intent },
        id_token: {
          openbanking_intent_id: intent,
          acr: { essential: true, values: [STRONG_AUTHENTICATION] },
        },
      },
    });
  }

  private sign(claims: JWTPayload): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { clientId, identity } = this.client;
    return new SignJWT({
      iss: clientId,
      ...claims,
      jti: randomBytes(32).toString('base64url'),
      iat: now,
      nbf: now - 1,
      exp: now + 300,
    })
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', kid: keyIdOf(identity) })
      .sign(createPrivateKey(identity.key));
  }
}

function read<T>(answer: HttpsAnswer, status: number): T {
  if (answer.status !== status) {
    throw new Error(`The bank answered ${answer.status} to its own third party: ${answer.body}`);
  }
  return JSON.parse(answer.body) as T;
}
