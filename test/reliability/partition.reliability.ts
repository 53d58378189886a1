import { setTimeout as wait } from 'node:timers/promises';
import { startLatencyProxy, type LatencyProxy } from '../support/servers/latencyProxy';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { askUntilToken, isWell } from './hosts/asking';
import { FamilyBank } from './hosts/familyBank';
import { Host, killHosts, type Settings } from './hosts/host';
import { atPort, openPlace, portOf, type Place } from './hosts/places';

/** Milliseconds for which the holder does not reach PostgreSQL. */
const PARTITION = 20_000;

/** Milliseconds for which the bank accepts a former refresh token. */
const GRACE = 60_000;

/** Consents of each row. */
const CONSENTS = isQuick ? 2 : 8;

/** Milliseconds of the bank for an answer, in which the partition begins: the attempt is marked, and the tokens are not stored. */
const ANSWER = 500;

/** Time limits in seconds of a request: a short one, after which the other host may try during the partition; and the usual ones. */
const limits: Record<string, Settings> = {
  'of 4 s': { connectTimeout: 2, requestTimeout: 2 },
  'of 40 s, as is usual': {},
};

/** Seconds for which the other host asks: longer than the longest request, and the partition. */
const ASKS = 75;

/** Ways in which a network drops a connection. @returns the end of the partition */
const partitions: Record<string, (proxy: LatencyProxy) => () => void> = {
  'no byte passes': (proxy) => {
    proxy.isPartitioned = true;
    return () => (proxy.isPartitioned = false);
  },
  'each connection is reset': (proxy) => {
    proxy.isPartitioned = true;
    const resets = setInterval(() => proxy.endConnections(), 20);
    return () => {
      clearInterval(resets);
      proxy.isPartitioned = false;
    };
  },
};

const measure: Measure = { rows: [], failures: [] };
afterAll(() => writeMeasure('partition', measure));
afterAll(killHosts);

it('a partition between the holder of a lease and PostgreSQL ends no consent, and sends no second request at once', async () => {
  const place = await openPlace('PostgreSQL');
  try {
    const rows = Object.keys(partitions).flatMap((partition, of) =>
      Object.keys(limits).map((limit, index) => row(place, partition, limit, `c${of}${index}`)),
    );
    for (const { codes, ...counted } of await Promise.all(rows)) {
      measure.rows.push(counted);
      if (counted.lost) measure.failures.push(`${counted.partition}: ${codes.join(', ')}`);
    }
  } finally {
    await killHosts();
    await place.close();
  }
  expect(measure.rows).toEqual(
    measure.rows.map((one) => ({ ...one, ended: 0, underWayAtOnce: 0, lost: 0 })),
  );
}, 180_000);

async function row(place: Place, partition: string, limit: string, prefix: string) {
  const bank = await FamilyBank.start({
    grace: GRACE,
    treats: (family) => (family.startsWith('warm') ? 0 : ANSWER),
  });
  const proxy = await startLatencyProxy(portOf(place.keeping), 0);
  const { folder: userFolder, keeping } = place;
  const start = () => Host.start({ userFolder, isElsewhere: true });
  const [holder, other] = await Promise.all([start(), start()]);
  const near = { ...bank.settings, ...keeping, ...limits[limit] };
  const holders = { ...near, ...atPort(keeping, proxy.port) };
  const consents = Array.from({ length: CONSENTS }, (_, index) => `${prefix}-${index}`);
  await other.keepAll(near, bank.families([...consents, `warm${prefix}`]));
  await holder.valid(holders, `warm${prefix}`);
  const asked = holder.validAll(holders, consents);
  while (bank.counts(consents).requests < consents.length) await wait(10);
  const end = partitions[partition]!(proxy);
  const asking = Promise.all(
    consents.map((consent) => askUntilToken(other, near, consent, { seconds: ASKS })),
  );
  await wait(PARTITION);
  end();
  const ofOther = await asking;
  await asked;
  const counts = bank.counts(consents);
  const isLost = async (consent: string) => !(await isWell(other, near, consent, bank));
  const lost = (await Promise.all(consents.map(isLost))).filter(Boolean).length;
  await Promise.all([holder.kill(), other.kill()]);
  await proxy.close();
  await bank.close();
  const codes = [...new Set(ofOther.flatMap((one) => one.codes))];
  return { ...{ partition, limit, consents: CONSENTS }, ...counts, lost, codes };
}
