import { setTimeout as wait } from 'node:timers/promises';
import type { Measure } from '../counts';
import { isQuick } from '../form';
import { askUntilToken, codesOf, isWell, names } from '../hosts/asking';
import { FamilyBank } from '../hosts/familyBank';
import { Host, type Settings } from '../hosts/host';
import { forEachAtOnce } from '../pool';

/** Consents of each row. */
const CONSENTS = isQuick ? 24 : 240;

/** Refreshes at once, so that the trouble meets all steps of a refresh. */
const AT_ONCE = 8;

/** Milliseconds of the bank for an answer. */
const ANSWER = 40;

/** Seconds for which a consent's token is asked for. */
const ASKS = 40;

/** The counts of all troubles. */
export const measure: Measure = { rows: [], failures: [] };

/** Trouble of a store while consents are refreshed, or before. */
interface Trouble {
  readonly store: string;
  readonly title: string;
  /** Whether the bank must not be asked meanwhile. */
  readonly isBefore?: boolean;
}

/** Lets a process ask for consents while a store is in trouble, and counts afterwards. */
export async function refreshIn(
  { isBefore = false, ...trouble }: Trouble,
  userFolder: string,
  keeping: (bank: FamilyBank) => Settings,
  { begin, end = () => undefined }: { begin: () => unknown; end?: () => unknown },
): Promise<void> {
  const bank = await FamilyBank.start({ treats: () => ANSWER });
  const settings = keeping(bank);
  const consents = names('c', CONSENTS);
  const former = await Host.start({ userFolder });
  await former.keepAll(settings, bank.families(consents));
  await former.kill();
  if (isBefore) await begin();
  const host = await Host.start({ userFolder });
  try {
    let sentMeanwhile = 0;
    if (isBefore) {
      const told = await host.validAll(settings, consents.slice(0, AT_ONCE));
      sentMeanwhile = bank.counts().requests;
      const without = told.filter(({ code }) => !code?.startsWith('store-'));
      if (without.length) measure.failures.push(`${trouble.title}: ${codesOf(told).join(', ')}`);
      expect(without).toEqual([]);
      await end();
    }
    const asked = forEachAtOnce(AT_ONCE, consents, async (consent) => {
      await askUntilToken(host, settings, consent, { seconds: ASKS, pause: 200 });
    });
    if (!isBefore) {
      while (bank.counts().requests < AT_ONCE) await wait(5);
      await begin();
      await end();
    }
    await asked;
    // Another process finds in the store whatever the first one had in memory.
    const next = await Host.start({ userFolder });
    let lost = 0;
    await untilStored(next, settings, consents, bank);
    await forEachAtOnce(AT_ONCE, consents, async (consent) => {
      if (!(await isWell(next, settings, consent, bank))) lost++;
    });
    await next.kill();
    const { sentAgain, ended } = bank.counts();
    const row = { ...trouble, consents: CONSENTS, sentMeanwhile, sentAgain, ended, lost };
    measure.rows.push(row);
    expect(row).toEqual({ ...row, sentMeanwhile: 0, sentAgain: 0, ended: 0, lost: 0 });
  } finally {
    await host.kill();
    await bank.close();
  }
}

/** Waits until the first process has stored what it had in memory. */
async function untilStored(
  host: Host,
  settings: Settings,
  consents: readonly string[],
  bank: FamilyBank,
): Promise<void> {
  const isStored = async (consent: string) =>
    (await host.stored(settings, consent).catch(() => undefined)) === bank.current(consent);
  for (let tries = 0; tries < 50; tries++) {
    if ((await Promise.all(consents.map(isStored))).every(Boolean)) return;
    await wait(300);
  }
}
