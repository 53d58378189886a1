import type { IncomingMessage } from 'node:http';
import type { errors, KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import type { Consents } from '../consents';
import { single, type Form } from '../form';
import { PATHS } from '../provider';
import type { TokenRules } from '../tokenEndpoints';
import type { Refusal } from '../wso2Rules';
import type { Regime, RuledBank } from './regime';
import { refuseBy } from './refuse';
import { authorizationRequest, clientRequest } from './requests';

/** The rules of a regime, and the authorization server's own words with its reasons. */
export class RegimeTokenRules implements TokenRules {
  readonly spentCode = undefined;

  constructor(
    private readonly regime: Regime,
    private readonly bank: RuledBank,
    private readonly identityUrl: string,
    private readonly provider: Provider,
    private readonly consents: Consents,
  ) {}

  async refuse(request: IncomingMessage, form: Form, path: string): Promise<Refusal | undefined> {
    const { regime, bank } = this;
    const url = this.identityUrl + path;
    const isForTokens = path === PATHS.token;
    return (
      refuseBy(regime.clientRules, clientRequest(bank, request, form, { url, isForTokens })) ??
      (path === PATHS.par
        ? refuseBy(regime.requestRules, authorizationRequest(bank, form, true))
        : this.refuseRefresh(form))
    );
  }

  words(error: errors.OIDCProviderError): Refusal {
    const { status, error: code, error_description, error_detail } = error;
    return {
      status,
      error: code,
      error_description: [error_description, error_detail].filter(Boolean).join(': '),
    };
  }

  async extend({ oidc, body }: KoaContextWithOIDC): Promise<void> {
    const { consentMember } = this.regime;
    const { AccessToken, RefreshToken, AuthorizationCode } = oidc.entities;
    const grantId = (AccessToken ?? RefreshToken)?.grantId;
    const consent = this.consents.findByGrant(grantId);
    if (!consentMember || !consent || typeof body !== 'object') return;
    Object.assign(body as object, { [consentMember]: consent.id });
    // A consent that was renewed ends the tokens before, once there are new ones.
    if (!AuthorizationCode || grantId === undefined) return;
    for (const earlier of this.consents.earlierGrants(grantId)) {
      await (await this.provider.Grant.find(earlier))?.destroy();
    }
  }

  private async refuseRefresh(form: Form): Promise<Refusal | undefined> {
    if (!this.regime.refreshesWithConsent) return undefined;
    if (single(form, 'grant_type') !== 'refresh_token') return undefined;
    const token = await this.provider.RefreshToken.find(single(form, 'refresh_token') ?? '');
    const consent = this.consents.findByGrant(token?.grantId);
    if (!consent || consent.status === 'Authorised') return undefined;
    return {
      status: 400,
      error: 'invalid_grant',
      error_description: `Open Finance Brasil 7.2.2-1: the consent is ${consent.status.toUpperCase()}`,
    };
  }
}
