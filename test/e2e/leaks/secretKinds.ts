import { json } from '../../support/bank/scriptedBank';
import type { BankAnswer } from './hostileBank';
import type { Identity } from './identity';
import { exchange, tokenNode, type Kind } from './kinds';

/** Number of items of a kind: the bank repeats a secret of each request in another form. */
const ECHOES = 12;

const refused: BankAnswer = (bank, asked) =>
  json(401, { error: 'invalid_client', error_description: `refused: ${bank.echo(asked)}` });

/** Clients with a secret, at a bank that repeats it in its answers. */
export function secretKinds({ clientSecret }: Identity): Kind[] {
  return ['client_secret_basic', 'client_secret_post'].flatMap((clientAuthentication): Kind[] => {
    const credential = { clientAuthentication, clientSecret };
    const items = () => Array.from({ length: ECHOES }, (_, index) => ({ index }));
    const named = (name: string) => `${name} (${clientAuthentication})`;
    return [
      exchange(named('a secret that is refused'), refused, { count: ECHOES, credential }),
      exchange(named('a secret that is accepted'), (bank) => json(200, bank.tokens()), {
        ...{ credential, fails: false },
      }),
      {
        ...{ name: named('an application token that is refused'), fails: true },
        ...{ credential, items, answer: refused, node: tokenNode('application') },
      },
      {
        ...{ name: named('a pushed request that is refused'), fails: true },
        credential: { ...credential, scope: 'openid accounts' },
        ...{ items, answer: refused },
        node: tokenNode('createUrl', { consentId: '', sendRequestAs: 'pushed' }),
      },
      {
        ...{ name: named('an introspection that repeats the secret'), fails: false, credential },
        answer: (bank, asked) =>
          json(200, {
            ...{ active: true, header: asked.headers.authorization },
            ...{ secret: asked.form.get('client_secret'), words: bank.echo(asked) },
          }),
        items: (bank) => Array.from({ length: ECHOES }, () => ({ token: bank.accessToken() })),
        node: tokenNode('introspect', {
          ...{ tokenFrom: 'field', token: '={{ $json.token }}', tokenTypeHint: 'access_token' },
        }),
      },
    ];
  });
}
