import { setTimeout as wait } from 'node:timers/promises';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { askUntilToken, isWell, names } from './hosts/asking';
import { FamilyBank, type FamilyBankOptions } from './hosts/familyBank';
import { Host, killHosts, type Settings } from './hosts/host';
import { openPlace, storeNames, type Place } from './hosts/places';
import { forEachAtOnce } from './pool';

/** Consents that each killed process refreshes. */
const CONSENTS = 8;

/** Processes at the same time. */
const AT_ONCE = 3;

/** Milliseconds for which the bank keeps an answer back, and within which a process is killed. */
const DELAY = 100;
const KILLED_WITHIN = 350;

/** Seconds for which another process asks for a token, as the runs of a workflow do. */
const ASKS = 45;

interface Bank {
  readonly title: string;
  readonly options: FamilyBankOptions;
  /** Processes that are killed. */
  readonly kills: number;
  /** Whether a consent is lost if its answer died with the process. */
  readonly isStrict?: boolean;
}

const banks: Bank[] = [
  { title: 'keeps refresh tokens', options: { keeps: true }, kills: isQuick ? 3 : 12 },
  {
    title: 'ends the consent if an old one comes',
    ...{ options: {}, kills: isQuick ? 3 : 12, isStrict: true },
  },
  {
    title: 'accepts the former one for 30 seconds',
    ...{ options: { grace: 30_000 }, kills: isQuick ? 6 : 100 },
  },
];

const measure: Measure = { rows: [], failures: [] };
afterAll(() => writeMeasure('kills', measure));
afterAll(killHosts);

/** The history of a consent whose refresh was killed. */
interface History {
  moment: 'before' | 'lostAnswer' | 'after';
  isLost: boolean;
  told: string;
}

describe.each(isQuick ? (['SQLite'] as const) : storeNames)('with %s', (store) => {
  let place: Place;
  beforeAll(async () => (place = await openPlace(store)), 60_000);
  afterAll(() => place.close());

  it.each(banks.map((bank) => [bank.title, bank] as const))(
    'a killed process loses a consent only with an answer that it alone had, if the bank %s',
    async (title, { options, kills, isStrict = false }) => {
      const bank = await FamilyBank.start({ ...options, treats: () => DELAY });
      const settings = { ...bank.settings, ...place.keeping };
      const worker = await Host.start({ userFolder: place.folder });
      try {
        const recovering: Promise<History[]>[] = [];
        const all = Array.from({ length: kills }, (_, index) => index);
        await forEachAtOnce(AT_ONCE, all, async (kill) => {
          const consents = await killed(bank, settings, kill, kills);
          // The next process is killed meanwhile.
          const histories = consents.map((consent) => historyOf(bank, worker, settings, consent));
          recovering.push(Promise.all(histories));
        });
        const histories = (await Promise.all(recovering)).flat();
        const wrong = histories.filter((history) => isWronglyLost(history, isStrict));
        count(store, title, kills, histories, wrong);
        expect(wrong).toEqual([]);
        expect(histories).toHaveLength(kills * CONSENTS);
      } finally {
        await worker.kill();
        await bank.close();
      }
    },
  );

  /** Kills a process while it refreshes. @returns its consents */
  async function killed(
    bank: FamilyBank,
    settings: Settings,
    kill: number,
    kills: number,
  ): Promise<string[]> {
    const consents = names(`c${kill}x`, CONSENTS);
    const host = await Host.start({ userFolder: place.folder });
    await host.keepAll(settings, bank.families([...consents, `warm${kill}`]));
    // It loads what it needs, so that the moment is one of its refreshes.
    await host.valid(settings, `warm${kill}`);
    const asked = host.validAll(settings, consents).catch(() => undefined);
    // At moments that are spread evenly, so that a run does not depend on chance.
    await wait(((kill + 0.5) * KILLED_WITHIN) / kills);
    await host.kill();
    await asked;
    return consents;
  }
});

/** Lets another process of the same machine ask, from the moment of the kill on. */
async function historyOf(
  bank: FamilyBank,
  worker: Host,
  settings: Settings,
  consent: string,
): Promise<History> {
  const isStored = (await worker.stored(settings, consent)) !== `at-${consent}-0`;
  const isSent = bank.family(consent).generation > 0;
  const moment = isStored ? 'after' : isSent ? 'lostAnswer' : 'before';
  const { accessToken, codes } = await askUntilToken(worker, settings, consent, {
    seconds: ASKS,
    pause: 1_000,
  });
  const isCurrent = accessToken === bank.current(consent);
  const isLost = !isCurrent || !(await isWell(worker, settings, consent, bank));
  return { moment, isLost, told: accessToken ?? codes.at(-1)! };
}

/** A consent may be lost only if the bank accepts each refresh token once, and the answer died with the process. */
function isWronglyLost({ moment, isLost, told }: History, isStrict: boolean): boolean {
  if (!isLost) return false;
  return !isStrict || moment !== 'lostAnswer' || told !== 'consent-ended';
}

function count(
  store: string,
  bank: string,
  kills: number,
  histories: readonly History[],
  wrong: readonly History[],
): void {
  const at = (moment: History['moment']) =>
    histories.filter((history) => history.moment === moment).length;
  measure.rows.push({
    ...{ store, bank, kills, consents: histories.length },
    ...{ before: at('before'), lostAnswer: at('lostAnswer'), after: at('after') },
    lost: histories.filter(({ isLost }) => isLost).length,
    wronglyLost: wrong.length,
  });
  for (const { moment, told } of wrong) {
    measure.failures.push(`kills: ${store}, the bank ${bank}: lost ${moment}, told ${told}`);
  }
}
