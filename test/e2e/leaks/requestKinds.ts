import { json, raw } from '../../support/bank/scriptedBank';
import type { BankAnswer, HostileBank } from './hostileBank';
import { markedWord } from './identity';
import { request, type Kind } from './kinds';

/** A token for each consent and for the application; the API answers as a kind says. */
export const withApi =
  (api: BankAnswer): BankAnswer =>
  (bank, asked) =>
    asked.endpoint === 'token' ? json(200, bank.tokens()) : api(bank, asked);

/** The modes of the credential, with the fields that they need. */
const modes: Record<string, (bank: HostileBank) => Record<string, unknown>> = {
  certificate: () => ({ authorizeWith: 'certificate' }),
  application: () => ({ authorizeWith: 'application' }),
  consent: (bank) => ({
    ...{ authorizeWith: 'consent', consent: 'household' },
    firstRefreshToken: markedWord(bank.marks, 'the first refresh token'),
  }),
};

/** HTTP Request in each mode, with answers of the API that make it fail or go elsewhere. */
export function requestKinds(bank: HostileBank, foreign: string): Kind[] {
  return Object.entries(modes).flatMap(([mode, fields]) => {
    const kind = (
      name: string,
      api: BankAnswer,
      { url, ...parameters }: { url?: string; version?: number } & Record<string, unknown> = {},
      changes: Partial<Kind> = {},
    ): Kind => {
      const full = `${name} (${mode})`;
      const given = { ...parameters, url: url ?? `${bank.url}/${kindPath(full)}/api` };
      return request(full, given, {
        // The host of the account API gets its headers.
        credential: { accountApiUrl: `${bank.url}/accounts`, ...fields(bank) },
        ...{ answer: withApi(api), ...changes },
      });
    };
    // The certificate is for the workflow to send; a token is for the hosts of the bank alone.
    const goesElsewhere = { fails: mode !== 'certificate' };
    return [
      kind('an API that answers', () => json(200, { Data: [] }), {}, { fails: false }),
      kind('an API that refuses the token', () => raw(401, 'no')),
      kind('an API that refuses the request', () => raw(403, 'no'), { version: 3 }),
      kind('an API that fails', () => raw(500, 'no')),
      kind('an API that ends the connection', () => (response) => response.destroy()),
      kind('an API that redirects', () => raw(302, '', 'text/plain', { Location: foreign })),
      kind('another host', () => raw(404, ''), { url: foreign }, goesElsewhere),
      kind('an address without TLS', () => raw(404, ''), { url: ' http://localhost:1/' }),
      kind('an expression that fails', () => raw(404, ''), { url: '={{ $json.a.b.c }}' }),
      kind(
        'pages that lead to another host',
        () => json(200, { next: foreign }),
        {
          options: {
            pagination: {
              pagination: {
                ...{ paginationMode: 'responseContainsNextURL', limitPagesFetched: true },
                ...{ nextURL: '={{ $response.body.next }}', maxRequests: 2 },
                ...{ paginationCompleteWhen: 'other', completeExpression: '={{ false }}' },
              },
            },
          },
        },
        goesElsewhere,
      ),
      ...(mode === 'certificate' ? [] : [refusedToken(mode, fields(bank), bank)]),
    ];
  });
}

/** The bank refuses the token that the mode needs. */
function refusedToken(mode: string, credential: Record<string, unknown>, bank: HostileBank): Kind {
  const name = `a token that is refused (${mode})`;
  return request(
    name,
    { url: `${bank.url}/${kindPath(name)}/api` },
    {
      credential,
      answer: (own, asked) =>
        json(400, { error: 'invalid_grant', error_description: own.echo(asked) }),
    },
  );
}

/** The path of a kind's endpoints. */
export function kindPath(name: string): string {
  return name.replace(/\W+/g, '-').replace(/^-|-$/g, '');
}
