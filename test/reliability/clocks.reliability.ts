import { setTimeout as wait } from 'node:timers/promises';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { askUntilToken, isWell, type Asked } from './hosts/asking';
import { ClockFile } from './hosts/clockFile';
import { FamilyBank, type Treatment } from './hosts/familyBank';
import { Host, killHosts, type Settings } from './hosts/host';
import { openPlace, storeNames, type Place } from './hosts/places';
import { mapAtOnce } from './pool';

/** A request takes six seconds at most, so that much can happen in a short time. */
const LIMITS = { connectTimeout: 2, requestTimeout: 4 };

/** Milliseconds for which the bank accepts a former refresh token. */
const GRACE = 60_000;

/** Seconds for which each host asks. */
const ASKS = 40;

/** Consents of each row. */
const CONSENTS = isQuick ? 2 : 8;

/** Rows at the same time. In the long form, the connections of all hosts would be more than PostgreSQL allows. */
const ROWS_AT_ONCE = isQuick ? 12 : 6;

/** The way in which the bank treats the first request of a consent. */
const firstAnswers: Record<string, Treatment> = {
  'resets the connection': 'reset',
  'does not answer': 'silence',
  'answers after 3 s': 3_000,
};

/** Seconds by which the clocks of the two hosts are ahead: the host that refreshes first, and the other. */
const clocks: Record<string, [first: number, other: number]> = {
  'the other 5 minutes ahead': [0, 300],
  'the other 5 minutes behind': [0, -300],
  'the first 5 minutes ahead': [300, 0],
  'the first 5 minutes behind': [-300, 0],
};

/** Seconds by which the clock of one machine jumps, while a request is under way. */
const jumps: Record<string, number> = { 'an hour ahead': 3_600, 'an hour back': -3_600 };

const twoClocks: Measure = { rows: [], failures: [] };
const clockJumps: Measure = { rows: [], failures: [] };
afterAll(() => {
  writeMeasure('twoClocks', twoClocks);
  writeMeasure('clockJumps', clockJumps);
});
afterAll(killHosts);

/** The bank that all rows of a file share: a name says how the first request of a consent is treated. */
function startBank(): Promise<FamilyBank> {
  const treatments = Object.values(firstAnswers);
  return FamilyBank.start({
    grace: GRACE,
    treats: (family, number) => (number === 1 ? treatments[Number(family.split('-')[1])]! : 0),
  });
}

/** Lets two hosts ask for the consents of a row until they get their tokens, and counts. */
async function askTogether(
  [first, other]: readonly [Host, Host],
  bank: FamilyBank,
  settings: Settings,
  consents: readonly string[],
  meanwhile: () => Promise<void> = () => Promise.resolve(),
) {
  await first.keepAll(settings, bank.families(consents));
  const ask = (host: Host) =>
    Promise.all(
      consents.map((consent) => askUntilToken(host, settings, consent, { seconds: ASKS })),
    );
  const asked = ask(first);
  // The first host has sent its requests.
  while (bank.counts(consents).requests < consents.length) await wait(20);
  const [ofFirst, ofOther] = await Promise.all([asked, ask(other), meanwhile()]);
  const counts = bank.counts(consents);
  const isLost = async (consent: string) => !(await isWell(other, settings, consent, bank));
  const lost = (await Promise.all(consents.map(isLost))).filter(Boolean).length;
  const withoutToken = [...ofFirst, ...ofOther].filter(({ accessToken }) => !accessToken);
  return {
    counts: { ...counts, lost, withoutToken: withoutToken.length },
    codes: codes(withoutToken),
  };
}

function codes(asked: readonly Asked[]): string[] {
  return [...new Set(asked.flatMap(({ codes: all }) => all))];
}

/** The counts that have to be 0. If a clock ends the pause after a request too early, no harm is done: that request is over. */
const failures = ['ended', 'underWayAtOnce', 'lost', 'withoutToken'] as const;

describe('two hosts with PostgreSQL whose clocks differ', () => {
  let place: Place;
  let bank: FamilyBank;
  beforeAll(async () => {
    place = await openPlace('PostgreSQL');
    bank = await startBank();
  }, 60_000);
  afterAll(async () => {
    await killHosts();
    await bank.close();
    await place.close();
  });

  it('never send two requests of a consent at once, and end no consent', async () => {
    const cases = Object.entries(clocks).flatMap(([title, seconds], index) =>
      Object.keys(firstAnswers).map(
        (answer, number) => [title, seconds, answer, `${index}-${number}`] as const,
      ),
    );
    const rows = await mapAtOnce(ROWS_AT_ONCE, cases, (given) => row(...given));
    for (const { counts, codes: all, ...about } of rows) {
      twoClocks.rows.push({ ...about, consents: CONSENTS, ...counts });
      if (counts.withoutToken)
        twoClocks.failures.push(`${about.clocks}, ${about.answer}: ${all.join()}`);
    }
    expect(rows.filter(({ counts }) => anyOf(counts, [...failures, 'sentTooEarly']))).toEqual([]);
  });

  async function row(title: string, seconds: [number, number], answer: string, prefix: string) {
    const files = seconds.map((ahead) => new ClockFile(ahead));
    const hosts = await Promise.all(
      files.map((clock) => Host.start({ userFolder: place.folder, clock, isElsewhere: true })),
    );
    const settings = { ...bank.settings, ...place.keeping, ...LIMITS };
    const consents = Array.from({ length: CONSENTS }, (_, index) => `${prefix}-${index}`);
    const result = await askTogether(hosts as [Host, Host], bank, settings, consents);
    await Promise.all(hosts.map((host) => host.kill()));
    files.forEach((file) => file.remove());
    return { clocks: title, answer, ...result };
  }
});

/** Whether one of these counts is not 0. */
function anyOf<Name extends string>(
  counts: Readonly<Record<Name, number>>,
  names: readonly Name[],
): boolean {
  return names.some((name) => counts[name] > 0);
}

it('a clock that jumps while requests are under way ends no consent, and sends no second request', async () => {
  const rows = await Promise.all(storeNames.map((store) => rowsOf(store)));
  for (const { counts, codes: all, ...about } of rows.flat()) {
    clockJumps.rows.push({ ...about, consents: CONSENTS, ...counts });
    if (counts.withoutToken)
      clockJumps.failures.push(`${about.store}, ${about.jump}: ${all.join()}`);
  }
  expect(rows.flat().filter(({ counts }) => anyOf(counts, failures))).toEqual([]);
});

async function rowsOf(store: (typeof storeNames)[number]) {
  const bank = await startBank();
  // A SQLite file for each row, because it has the clock of its machine.
  const shared = store === 'SQLite' ? undefined : await openPlace(store);
  const rows = await Promise.all(
    Object.entries(jumps).flatMap(([jump, seconds], index) =>
      Object.keys(firstAnswers).map(async (answer, number) => {
        const place = shared ?? (await openPlace(store));
        const clock = new ClockFile();
        const start = () => Host.start({ userFolder: place.folder, clock });
        const hosts = await Promise.all([start(), start()]);
        const settings = { ...bank.settings, ...place.keeping, ...LIMITS };
        const consents = Array.from({ length: CONSENTS }, (_, of) => `${index}-${number}-${of}`);
        const result = await askTogether(hosts, bank, settings, consents, async () => {
          await wait(500);
          clock.set(seconds);
        });
        await Promise.all(hosts.map((host) => host.kill()));
        if (!shared) await place.close();
        clock.remove();
        return { store, jump, answer, ...result };
      }),
    ),
  );
  await shared?.close();
  await bank.close();
  return rows;
}
