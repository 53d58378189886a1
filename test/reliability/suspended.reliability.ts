import { setTimeout as wait } from 'node:timers/promises';
import { startLatencyProxy } from '../support/servers/latencyProxy';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { askUntilToken, isWell } from './hosts/asking';
import { FamilyBank } from './hosts/familyBank';
import { Host, killHosts } from './hosts/host';
import { openPlace, storeNames, type Place } from './hosts/places';
import { mapAtOnce } from './pool';

/** A request takes four seconds at most, so a lease takes six. */
const LIMITS = { connectTimeout: 2, requestTimeout: 2 };

/** Milliseconds for which a holder is suspended: longer than its lease. */
const SUSPENDED = 12_000;

/** Milliseconds in which a holder that goes on would send its request. */
const AFTERWARDS = 3_000;

/** Seconds for which the other process asks. */
const ASKS = 40;

/** Holders that are suspended for each row. */
const HOLDERS = isQuick ? 3 : 12;

/** Those of a row that are suspended at the same time. */
const AT_ONCE = 3;

/** Milliseconds within which a holder reaches the bank, with its share of the machine. */
const REACHES_WITHIN = 60;

const measure: Measure = { rows: [], failures: [] };
afterAll(() => writeMeasure('suspended', measure));
afterAll(killHosts);

/** The outcome for the consent of a suspended holder. */
interface Result {
  /** Whether the bank had its request before it was suspended. Then the answer may be lost, and the consent with it. */
  wasSent: boolean;
  /** Requests after it went on with a refresh token that was sent before. */
  sentAfterwards: number;
  isEnded: boolean;
  isUnderWayAtOnce: boolean;
  isLost: boolean;
  /** Codes of the errors that the other process got. */
  codes: string[];
}

it('a holder that was suspended before its request sends nothing later', async () => {
  const rows = (await Promise.all(storeNames.map((store) => rowsOf(store)))).flat();
  for (const { results, ...about } of rows) {
    const before = results.filter(({ wasSent }) => !wasSent);
    const count = (of: (result: Result) => boolean) => before.filter(of).length;
    measure.rows.push({
      ...{ ...about, holders: results.length, before: before.length },
      sentAfterwards: before.reduce((sum, { sentAfterwards }) => sum + sentAfterwards, 0),
      ended: count(({ isEnded }) => isEnded),
      underWayAtOnce: results.filter(({ isUnderWayAtOnce }) => isUnderWayAtOnce).length,
      lost: count(({ isLost }) => isLost),
    });
    for (const { isLost, codes } of before) {
      if (isLost) measure.failures.push(`${about.store}, ${about.moment}: ${codes.join(', ')}`);
    }
  }
  expect(measure.failures).toEqual([]);
  expect(measure.rows).toEqual(
    measure.rows.map((row) => ({
      ...row,
      ...{ sentAfterwards: 0, ended: 0, underWayAtOnce: 0, lost: 0 },
    })),
  );
  // Otherwise the measure would show nothing.
  expect(measure.rows.filter(({ before }) => before === 0)).toEqual([]);
});

async function rowsOf(store: (typeof storeNames)[number]) {
  const shared = await openPlace(store);
  try {
    const indexes = Array.from({ length: HOLDERS }, (_, index) => index);
    const row = async (
      moment: string,
      suspend: (place: Place, index: number) => Promise<Result>,
    ) => ({
      ...{ store, moment },
      results: await mapAtOnce(AT_ONCE, indexes, async (index) => {
        if (store !== 'SQLite') return suspend(shared, index);
        // A file for each holder: one that is suspended within a write has the file locked until it goes on.
        const own = await openPlace(store);
        return suspend(own, index).finally(() => own.close());
      }),
    });
    return await Promise.all([
      row('in the TLS handshake', (place, index) => suspended(place, `tls${index}`, 'handshake')),
      row('at moments spread over the refresh', (place, index) =>
        suspended(place, `at${index}`, (index * REACHES_WITHIN) / HOLDERS),
      ),
    ]);
  } finally {
    await shared.close();
  }
}

/**
 * Suspends a holder, lets another process ask meanwhile, and lets the holder go on.
 *
 * @param moment milliseconds after its start, or when the bank accepts its connection
 */
async function suspended(
  { folder: userFolder, keeping }: Place,
  consent: string,
  moment: number | 'handshake',
): Promise<Result> {
  const bank = await FamilyBank.start({ closes: true });
  const proxy = await startLatencyProxy(bank.port, 0);
  const settings = { ...(await bank.settingsAt(proxy.port)), ...keeping, ...LIMITS };
  const [holder, other] = await Promise.all([
    Host.start({ userFolder }),
    Host.start({ userFolder }),
  ]);
  await holder.keepAll(settings, bank.families([consent, `warm-${consent}`]));
  await Promise.all([holder.valid(settings, `warm-${consent}`), other.warm(settings)]);
  const { opened } = proxy.connections;
  if (moment === 'handshake') proxy.isPartitioned = true;
  const asked = holder.valid(settings, consent).catch(() => undefined);
  if (moment === 'handshake') {
    while (proxy.connections.opened === opened) await wait(1);
  } else {
    await wait(moment);
  }
  holder.suspend();
  // Signals and bytes on their way arrive.
  await wait(50);
  proxy.isPartitioned = false;
  const wasSent = bank.family(consent).requests.length > 0;
  const asking = askUntilToken(other, settings, consent, { seconds: ASKS });
  await wait(SUSPENDED);
  const { requests } = bank.family(consent);
  const before = requests.map(({ token }) => token);
  holder.resume();
  const [{ accessToken, codes }] = await Promise.all([asking, asked, wait(AFTERWARDS)]);
  const sentAfterwards = requests
    .slice(before.length)
    .filter(({ token }) => before.includes(token)).length;
  const { isEnded, mostUnderWay } = bank.family(consent);
  const isLost = accessToken === undefined || !(await isWell(other, settings, consent, bank));
  await Promise.all([holder.kill(), other.kill()]);
  await proxy.close();
  await bank.close();
  return { wasSent, sentAfterwards, isEnded, isLost, isUnderWayAtOnce: mostUnderWay > 1, codes };
}
