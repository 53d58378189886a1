import fc from 'fast-check';
import { failureOf } from '../../support/failure';
import { keepAsFormerVersion, passed, pause, tokensOf } from '../../support/stores/consents';
import { KeySets, type KeySet, type SeenRecord } from '../../support/stores/keySets';

const at = KeySets.forTests();

/** A record as the model knows it. */
interface ModelRecord extends SeenRecord {
  grant: string;
  /** The certificate that its tokens are bound to. */
  certificate: string;
}

const inOrder = (records: readonly object[]) =>
  records.map((record) => JSON.stringify(record)).sort();

const keySets: fc.Arbitrary<KeySet> = fc
  .tuple(fc.shuffledSubarray(['a', 'b', 'c'] as const), fc.constantFrom('x', 'y'))
  .map(([given, derived]) => [...given, derived] as KeySet);

const operations = ['keep', 'former', 'use', 'refresh', 'stored', 'list', 'forget'] as const;

it('finds the newest record of a consent with any keys, and leaves one record after a use', async () => {
  const step = fc.record({
    keys: keySets,
    consent: fc.constantFrom('c', 'd'),
    operation: fc.constantFrom(...operations),
  });
  let grants = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), (steps) =>
      at.withStore(async (store) => {
        /** The records, the newest last. */
        let model: ModelRecord[] = [];
        for (const { keys, consent, operation } of steps) {
          // Records are ordered by their time, in milliseconds.
          await pause(2);
          const tokens = await at.by(keys, store);
          const own = model.filter((r) => r.consent === consent && keys.includes(r.key as 'a'));
          const newest = own.at(-1);
          const others = model.filter((record) => !own.includes(record));
          const leave = (...records: ModelRecord[]) => (model = [...others, ...records]);
          const [key, certificate] = [keys[0], keys.at(-1)!];
          switch (operation) {
            case 'keep': {
              const grant = `g${++grants}`;
              const refresh_token = at.bank.consent(grant);
              await tokens.keep(consent, passed(tokensOf(`at-${grant}-0`, { refresh_token })));
              leave({ consent, key, isFormer: false, grant, certificate });
              break;
            }
            case 'former': {
              if (model.some((record) => record.consent === consent)) break;
              const grant = `g${++grants}`;
              const refresh_token = at.bank.consent(grant);
              const given = tokensOf(`at-${grant}-0`, { refresh_token });
              await keepAsFormerVersion(at.bank, consent, given, at.settingsOf(keys), store);
              leave({ consent, key, isFormer: true, grant, certificate });
              break;
            }
            case 'use':
            case 'refresh': {
              const refreshNow = operation === 'refresh';
              if (!newest) {
                const failure = await failureOf(tokens.valid(consent, { refreshNow }));
                expect(failure.code).toBe('consent-unknown');
                break;
              }
              const token = await tokens.valid(consent, { refreshNow });
              const { refreshes } = at.bank.grant(newest.grant);
              expect(token.tokens.access_token).toBe(`at-${newest.grant}-${refreshes}`);
              // Tokens of another certificate are refreshed at once. A refreshed token is the newest one.
              const isRefreshed = refreshNow || newest.certificate !== certificate;
              const isMoved = isRefreshed || own.length > 1;
              const moved = isMoved ? { ...newest, key, isFormer: false } : newest;
              if (isRefreshed) leave({ ...moved, certificate });
              else
                model = model
                  .filter((record) => record === newest || !own.includes(record))
                  .map((record) => (record === newest ? moved : record));
              break;
            }
            case 'stored':
              if (newest)
                expect(await tokens.stored(consent)).toMatchObject({
                  access_token: expect.stringContaining(`at-${newest.grant}-`) as string,
                });
              else
                expect(await failureOf(tokens.stored(consent))).toMatchObject({
                  code: 'consent-unknown',
                });
              break;
            case 'list': {
              const visible = model
                .filter((r) => keys.includes(r.key as 'a'))
                .map((r) => r.consent);
              expect((await tokens.list()).map((listed) => listed.consent)).toEqual(
                [...new Set(visible)].sort(),
              );
              break;
            }
            case 'forget':
              expect(await tokens.forget(consent)).toBe(own.length > 0);
              leave();
          }
          const present = await store.list('client-1');
          expect(inOrder(present.map((record) => at.seen(record)))).toEqual(
            inOrder(
              model.map(({ consent: of, key: by, isFormer }) => ({
                consent: of,
                key: by,
                isFormer,
              })),
            ),
          );
        }
        expect(at.bank.revoked()).toEqual([]);
      }),
    ),
    { numRuns: 60 },
  );
}, 120_000);
