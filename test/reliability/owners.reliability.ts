import { customCredential } from '../support/bank/credential';
import { generatePrivateKey } from '../support/keys/certificates';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { codeOf, names } from './hosts/asking';
import { FamilyBank } from './hosts/familyBank';
import { Host, killHosts, type Settings } from './hosts/host';
import { openPlace, storeNames } from './hosts/places';

/** Consents that both users have, under the same names. */
const CONSENTS = isQuick ? 20 : 100;

const measure: Measure = { rows: [], failures: [] };
afterAll(() => writeMeasure('owners', measure));
afterAll(killHosts);

/** One user of n8n: a credential with a key of its own, and the families of the customers' consents at the bank. */
interface User {
  readonly host: Host;
  readonly settings: Settings;
  readonly family: (consent: string) => string;
}

it.each(storeNames)(
  'two credentials for one bank and client ID do not see, change or delete the consents of each other: %s',
  async (store) => {
    const place = await openPlace(store);
    const bank = await FamilyBank.start();
    try {
      const users = await Promise.all(
        ['a', 'b'].map(async (user): Promise<User> => {
          const key = generatePrivateKey('rsa');
          const credential = await customCredential(bank.settings.issuer!, { key });
          const host = await Host.start({ userFolder: place.folder });
          const settings = { ...credential, ...place.keeping };
          return { host, settings, family: (consent) => `${user}-${consent}` };
        }),
      );
      const consents = names('c', CONSENTS);
      const failed: string[] = [];
      // Both do the same at the same time, so that each step of one meets each step of the other.
      const results = await Promise.all(
        users.map((user) => lifeOf(user, bank, consents, (failure) => failed.push(failure))),
      );
      const sum = (of: (result: (typeof results)[number]) => number) =>
        results.reduce((total, result) => total + of(result), 0);
      const row = {
        ...{ store, users: users.length, consents: CONSENTS },
        foreign: sum(({ foreign }) => foreign),
        lost: sum(({ lost }) => lost),
        ended: bank.counts().ended,
        sentAgain: bank.counts().sentAgain,
      };
      measure.rows.push(row);
      measure.failures.push(...failed.map((failure) => `owners: ${store}: ${failure}`));
      expect({ ...row, failed: [...new Set(failed)] }).toEqual({
        ...row,
        ...{ foreign: 0, lost: 0, ended: 0, sentAgain: 0, failed: [] },
      });
    } finally {
      await killHosts();
      await bank.close();
      await place.close();
    }
  },
);

/** Stores, lists, refreshes and forgets consents. @returns tokens of the other user, and consents that are not as they should be */
async function lifeOf(
  { host, settings, family }: User,
  bank: FamilyBank,
  consents: readonly string[],
  fail: (failure: string) => void,
) {
  let foreign = 0;
  let lost = 0;
  const sets = bank.families(consents.map(family));
  await Promise.all(
    consents.map(async (consent, index) => {
      await host.keepAll(settings, { [consent]: sets[family(consent)]! });
      const told = await host.valid(settings, consent);
      if (told.accessToken !== bank.current(family(consent))) {
        if (told.accessToken) foreign++;
        else fail(`${codeOf(told)} after it was stored`);
      }
      await host.list(settings);
      if (index % 2) await host.forget(settings, consent);
    }),
  );
  const present = consents.filter((_, index) => index % 2 === 0);
  const listed = await host.list(settings);
  if ([...listed].sort().join() !== [...present].sort().join()) {
    fail(`${listed.length} listed, of ${present.length} that are stored`);
    lost++;
  }
  await Promise.all(
    present.map(async (consent) => {
      const told = await host.valid(settings, consent, { refreshNow: true });
      if (told.accessToken === bank.current(family(consent))) return;
      lost++;
      fail(`${codeOf(told)} at its refresh`);
    }),
  );
  return { foreign, lost };
}
