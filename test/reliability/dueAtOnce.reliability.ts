import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { slowDisk, type Launch } from '../../bench/measures/due/slowDisk';
import { startLatencyProxy } from '../support/servers/latencyProxy';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { codesOf, names } from './hosts/asking';
import { FamilyBank } from './hosts/familyBank';
import { Host, killHosts, type Settings } from './hosts/host';
import { atPort, openPlace, portOf, type Place } from './hosts/places';

/** Consents that are due at once. */
const DUE = isQuick ? 100 : 1_000;

/** Milliseconds of the bank for an answer. */
const ANSWER = 50;

/** Most requests at once for each bank. */
const MOST_AT_ONCE = 32;

/** Consents of the bank that hangs, and of each other group. */
const HANGING = 300;
const OTHERS = 50;

const dueAtOnce: Measure = { rows: [], failures: [] };
const hangingBank: Measure = { rows: [], failures: [] };
afterAll(() => {
  writeMeasure('dueAtOnce', dueAtOnce);
  writeMeasure('hangingBank', hangingBank);
});
afterAll(killHosts);

const libraries = mkdtempSync(join(tmpdir(), 'open-banking-slow-disk-'));
afterAll(() => rmSync(libraries, { recursive: true, force: true }));

/** One server for all tests of this file. Each bank has records of its own. */
let postgres: Place;
beforeAll(async () => (postgres = await openPlace('PostgreSQL')), 60_000);
afterAll(() => postgres.close());

/** A store, and a process that uses it. */
interface Scene {
  readonly title: string;
  readonly store: Parameters<typeof openPlace>[0];
  /** Milliseconds of a round trip to PostgreSQL. */
  readonly roundTrip?: number;
  readonly launch?: Launch;
}

const scenes: Scene[] = [
  { title: 'SQLite', store: 'SQLite' },
  ...slowDisks().map((launch): Scene => ({
    title: 'SQLite, each fsync takes 30 ms',
    store: 'SQLite',
    launch,
  })),
  { title: 'PostgreSQL', store: 'PostgreSQL' },
  { title: 'PostgreSQL, round trip 50 ms', store: 'PostgreSQL', roundTrip: 50 },
  ...(isQuick
    ? []
    : [{ title: 'PostgreSQL, round trip 200 ms', store: 'PostgreSQL', roundTrip: 200 } as const]),
];

it.each(scenes.map((scene) => [scene.title, scene] as const))(
  `refreshes each of ${DUE} consents once that are due at once: %s`,
  async (title, { store, roundTrip, launch }) => {
    const place = store === 'SQLite' ? await openPlace(store) : postgres;
    const bank = await FamilyBank.start({ treats: () => ANSWER });
    const consents = names('c', DUE);
    try {
      const { counts, told } = await refreshAll(place, bank, consents, { roundTrip, launch });
      const ok = told.filter(({ accessToken }, index) => accessToken === `at-c${index}-1`).length;
      const wronglyUnknown = told.filter(
        ({ code }, index) =>
          code === 'refresh-outcome-unknown' && bank.family(`c${index}`).requests.length === 0,
      ).length;
      const row = {
        ...{ store: title, due: DUE, ok, ...counts, wronglyUnknown },
        mostAtOnce: bank.mostUnderWay,
      };
      dueAtOnce.rows.push(row);
      const codes = codesOf(told);
      if (ok < DUE) dueAtOnce.failures.push(`${title}: ${DUE - ok} got ${codes.join(', ')}`);
      expect({ ...row, codes }).toEqual({
        ...{ store: title, due: DUE, ok: DUE, codes: [] },
        ...{
          requests: DUE,
          sentAgain: 0,
          sentTooEarly: 0,
          ended: 0,
          underWayAtOnce: 0,
          wronglyUnknown: 0,
        },
        mostAtOnce: row.mostAtOnce,
      });
      expect(row.mostAtOnce).toBeLessThanOrEqual(MOST_AT_ONCE);
    } finally {
      await killHosts();
      await bank.close();
      if (place !== postgres) await place.close();
    }
  },
  600_000,
);

/** Stores expired tokens of all consents, and lets another process ask for all of them at once. */
async function refreshAll(
  { folder: userFolder, keeping }: Place,
  bank: FamilyBank,
  consents: string[],
  { roundTrip, launch }: Pick<Scene, 'roundTrip' | 'launch'>,
) {
  const near: Settings = { ...bank.settings, ...keeping };
  const proxy = roundTrip ? await startLatencyProxy(portOf(keeping), roundTrip) : undefined;
  const far = proxy ? { ...near, ...atPort(keeping, proxy.port) } : near;
  try {
    const filler = await Host.start({ userFolder });
    await filler.keepAll(near, bank.families(consents));
    await filler.kill();
    const host = await Host.start({ userFolder, launch });
    const told = await host.validAll(far, consents);
    const counts = bank.counts();
    await host.kill();
    return { told, counts };
  } finally {
    await proxy?.close();
  }
}

it.each(['SQLite', 'PostgreSQL'] as const)(
  'a bank that hangs holds up neither another bank nor tokens of its own that live: %s',
  async (store) => {
    const place = store === 'SQLite' ? await openPlace(store) : postgres;
    const hanging = await FamilyBank.start({ treats: () => 'silence' });
    const other = await FamilyBank.start();
    try {
      const host = await Host.start({ userFolder: place.folder });
      const settings = { ...hanging.settings, ...place.keeping, requestTimeout: 60 };
      const otherSettings = { ...other.settings, ...place.keeping };
      const due = names('hangs', HANGING);
      const living = names('lives', OTHERS);
      const others = names('other', OTHERS);
      await host.keepAll(settings, hanging.families(due));
      await host.keepAll(settings, alive(hanging.families(living)));
      await host.keepAll(otherSettings, other.families(others));
      let gaveUp = 0;
      const asked = due.map((consent) =>
        host.valid(settings, consent).then(
          () => void gaveUp++,
          () => undefined,
        ),
      );
      while (hanging.mostUnderWay < MOST_AT_ONCE) await wait(20);
      const [ofOther, ofLiving] = await Promise.all([
        host.validAll(otherSettings, others),
        host.validAll(settings, living),
      ]);
      const row = {
        ...{ store, hanging: HANGING, others: OTHERS, living: OTHERS },
        othersOk: ofOther.filter(({ accessToken }) => accessToken?.startsWith('at-other')).length,
        livingOk: ofLiving.filter(({ accessToken }) => accessToken?.startsWith('at-lives')).length,
        gaveUp,
      };
      hangingBank.rows.push(row);
      expect({ ...row, codes: codesOf([...ofOther, ...ofLiving]) }).toEqual({
        ...{ store, hanging: HANGING, others: OTHERS, living: OTHERS, codes: [] },
        ...{ othersOk: OTHERS, livingOk: OTHERS, gaveUp: 0 },
      });
      await host.kill();
      await Promise.all(asked);
    } finally {
      await killHosts();
      await Promise.all([hanging.close(), other.close()]);
      if (place !== postgres) await place.close();
    }
  },
);

/** The same tokens, with an hour to live. */
function alive(sets: ReturnType<FamilyBank['families']>): ReturnType<FamilyBank['families']> {
  const obtained_at = new Date().toISOString();
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  return Object.fromEntries(
    Object.entries(sets).map(([name, set]) => [name, { ...set, obtained_at, expires_at }]),
  );
}

/** A slow disk, if this machine can imitate one. */
function slowDisks(): Launch[] {
  try {
    return [slowDisk(libraries)];
  } catch {
    return [];
  }
}
