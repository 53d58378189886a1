import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { ACCOUNTS, CUSTOMER } from './accounts';
import { USUAL_PERMISSIONS, type Consent, type Consents } from './consents';
import { parseForm, readBody, single, type Form } from './form';
import { renderConsent, renderLogin, renderRefusal } from './pages';
import { consentNamedIn } from './regimes/consentNaming';
import type { Regime } from './regimes/regime';
import { requestedClaims } from './regimes/requests';
import { replyPage } from './replies';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Path of the log-in and consent pages. */
export const INTERACTION_PATH = /^\/interaction\/[^/]+(\/login|\/consent)?$/;

/** Answers requests for the log-in and consent pages, and the forms that the customer submits there. */
export async function answerInteraction(
  { provider, consents, regime }: Pick<Visit, 'provider' | 'consents' | 'regime'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let interaction: Interaction;
  try {
    interaction = await provider.interactionDetails(request, response);
  } catch {
    const html = renderRefusal(
      'session_expired',
      'This page is too old, or its cookie is missing.',
    );
    return replyPage(response, 400, html);
  }
  const client = await provider.Client.find(String(interaction.params.client_id));
  const thirdParty = client?.clientName ?? client?.clientId ?? 'A third party';
  const visit: Visit = {
    ...{ provider, consents, regime, request, response },
    ...{ interaction, thirdParty },
  };
  const form = request.method === 'POST' ? parseForm(String(await readBody(request))) : undefined;
  return interaction.prompt.name === 'login' ? logIn(visit, form) : decide(visit, form);
}

interface Visit {
  provider: Provider;
  consents: Consents;
  regime: Regime;
  request: IncomingMessage;
  response: ServerResponse;
  interaction: Interaction;
  thirdParty: string;
}

async function logIn(visit: Visit, form: Form | undefined): Promise<void> {
  const { provider, request, response, interaction } = visit;
  if (!form) return show(visit, 200, renderLogin(interaction.uid, visit.thirdParty));
  if (
    single(form, 'username') !== CUSTOMER.username ||
    single(form, 'password') !== CUSTOMER.password
  ) {
    const mistake = 'The user name or the password is wrong.';
    return show(visit, 401, renderLogin(interaction.uid, visit.thirdParty, mistake));
  }
  await provider.interactionFinished(request, response, {
    login: {
      accountId: CUSTOMER.id,
      acr: visit.regime.acr.given,
      amr: ['pwd'],
      remember: false,
    },
  });
}

async function decide(visit: Visit, form: Form | undefined): Promise<void> {
  const { provider, consents, request, response, interaction } = visit;
  const consent = askedConsent(visit);
  if (typeof consent === 'string') {
    return provider.interactionFinished(request, response, {
      error: 'invalid_request',
      error_description: consent,
    });
  }
  if (isOfAnother(consent)) {
    consents.reject(consent);
    return provider.interactionFinished(request, response, {
      error: 'access_denied',
      error_description:
        'Open Finance Brasil 7.2.2-9 to 7.2.2-11: CPF and CNPJ of the consent are those of the customer',
    });
  }
  if (!form) {
    return show(visit, 200, renderConsent(interaction.uid, visit.thirdParty, consent));
  }
  if (single(form, 'decision') !== 'approve') {
    consents.reject(consent);
    return provider.interactionFinished(request, response, {
      error: 'access_denied',
      error_description: 'User denied the consent',
    });
  }
  const chosen = [form.account ?? []].flat();
  const accountIds = ACCOUNTS.map(({ id }) => id).filter((id) => chosen.includes(id));
  if (accountIds.length === 0) {
    const mistake = 'Choose at least one account, or deny.';
    return show(visit, 422, renderConsent(interaction.uid, visit.thirdParty, consent, mistake));
  }
  const grantId = await grant(provider, interaction);
  consents.authorise(consent, accountIds, grantId);
  await provider.interactionFinished(request, response, { consent: { grantId } });
}

async function grant(provider: Provider, interaction: Interaction): Promise<string> {
  const { client_id: clientId, scope } = interaction.params;
  const record = new provider.Grant({
    accountId: interaction.session?.accountId,
    clientId: String(clientId),
  });
  record.addOIDCScope(String(scope));
  record.addOIDCClaims(['openbanking_intent_id']);
  return record.save();
}

/** The consent that the customer is asked for, or the reason why there is none. */
function askedConsent({ consents, regime, interaction }: Visit): Consent | string {
  const { consentNaming, sharingDuration } = regime;
  const { params } = interaction;
  const id = consentNamedIn(consentNaming, params);
  if (id === undefined && consentNaming.mayNameNone) {
    const seconds = sharingDuration?.(requestedClaims(params.claims)) ?? 90 * 86_400;
    return consents.draft({
      clientId: String(params.client_id),
      permissions: USUAL_PERMISSIONS,
      expires: new Date(Date.now() + seconds * 1000),
      transactionsFrom: undefined,
      transactionsTo: undefined,
    });
  }
  const consent = consents.find(id);
  const renews = consentNaming.renewedBy !== undefined;
  if (
    consent?.clientId !== params.client_id ||
    consent?.status !== (renews ? 'Authorised' : 'AwaitingAuthorisation')
  ) {
    return refusalOf(regime);
  }
  return consent;
}

/** The words for a request that names no consent that the customer can give. */
function refusalOf({ consentNaming: { byClaim, scopePrefix, renewedBy } }: Regime): string {
  if (renewedBy)
    return `CDS Request Object, Specifying an existing arrangement: ${renewedBy} names no arrangement`;
  const places = [byClaim && 'openbanking_intent_id', scopePrefix && `the scope ${scopePrefix}…`];
  return `${places.filter(Boolean).join(' or ')} names no consent that awaits authorisation`;
}

/** Whether a consent names another person or company than the customer. */
function isOfAnother({ holder }: Consent): boolean {
  if (!holder) return false;
  return (
    holder.cpf !== CUSTOMER.cpf || (holder.cnpj !== undefined && holder.cnpj !== CUSTOMER.cnpj)
  );
}

function show({ response, interaction }: Visit, status: number, html: string): void {
  // Browsers also apply `form-action` to redirects after a form. The last redirect leads to the third party's page.
  replyPage(response, status, html, [new URL(String(interaction.params.redirect_uri)).origin]);
}
