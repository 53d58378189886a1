import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeepingSettings } from '../../../core/tokens/settings';
import { AskingProcess, type AskedToken, type Order } from '../../support/stores/askingProcess';
import { closeAfterTest } from '../../support/servers/closing';
import { createTestDatabase } from '../../support/stores/postgres';
import {
  startRotatingBank,
  type RotatingBank,
  type RotatingBankOptions,
} from '../../support/bank/rotatingBank';
import { isQuick } from '../form';

/** Consents that are refreshed at the same time. */
const CONSENTS = isQuick ? 200 : 1000;

/** Instants at which a process is killed. */
const KILLS = isQuick ? 12 : 100;

/** Processes of which each is killed and started again. */
const LANES = 4;

/** Milliseconds within which a process is killed after it was asked. */
const KILLED_WITHIN = 40;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

async function rotatingBank(options: RotatingBankOptions = {}): Promise<RotatingBank> {
  const bank = await startRotatingBank(options);
  closeAfterTest(() => bank.close());
  return bank;
}

describe.each<[string, () => Promise<KeepingSettings>]>([
  ['SQLite', () => Promise.resolve({ keepTokensIn: 'machine' })],
  [
    'PostgreSQL',
    async () => {
      const database = await createTestDatabase();
      closeAfterTest(() => database.close());
      return { keepTokensIn: 'postgres', postgresUrl: database.connectionString };
    },
  ],
])('tokens stored in %s', (_, keepTokensIn) => {
  /** Processes on one machine, and a function that makes their orders. */
  async function processes(bank: RotatingBank, count: number, changes: Order['settings'] = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'open-banking-measures-'));
    folders.push(folder);
    const settings = { ...bank.settings, ...(await keepTokensIn()), ...changes };
    const start = async () => {
      const process = await AskingProcess.start(folder);
      closeAfterTest(() => process.kill());
      return process;
    };
    const all = await Promise.all(Array.from({ length: count }, start));
    const order = (consents: string[], concurrency: number): Order => ({
      settings,
      concurrency,
      consents: consents.map((consent) => ({
        consent,
        options: { firstRefreshToken: `rt-${consent}-0` },
      })),
    });
    return { all, start, order };
  }

  it('are refreshed once for 8 processes with 200 requests each for one expired consent', async () => {
    const bank = await rotatingBank({ delay: () => 100 });
    bank.consent('c');
    const { all, order } = await processes(bank, 8);
    const consents = Array.from({ length: 200 }, () => 'c');
    const asked = await Promise.all(all.map((each) => each.ask(order(consents, 200))));
    expect(asked.flat()).toHaveLength(1600);
    expect(new Set(asked.flat().map(({ accessToken }) => accessToken))).toEqual(
      new Set(['at-c-1']),
    );
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('are refreshed once for each of many consents in 4 processes, and no consent waits for a slow one', async () => {
    const SLOW = isQuick ? 4_000 : 10_000;
    const SLOW_ONE = `c-${CONSENTS / 2}`;
    const bank = await rotatingBank({ delay: (consent) => (consent === SLOW_ONE ? SLOW : 5) });
    const consents = Array.from({ length: CONSENTS }, (_each, index) => `c-${index}`);
    consents.forEach((consent) => bank.consent(consent));
    const { all, order } = await processes(bank, 4);
    const quarter = CONSENTS / 4;
    const asked = await Promise.all(
      all.map((each, index) => {
        // Each process begins at another consent, and meets the refreshes of the others.
        const rotated = [...consents.slice(index * quarter), ...consents.slice(0, index * quarter)];
        return each.ask(order(rotated, 25));
      }),
    );
    const tokens = new Set(asked.flat().map(({ accessToken }) => accessToken));
    expect(tokens).toEqual(new Set(consents.map((consent) => `at-${consent}-1`)));
    expect(bank.refreshes()).toBe(CONSENTS);
    expect(bank.revoked()).toEqual([]);
    const isSlow = ({ accessToken }: AskedToken) => accessToken === `at-${SLOW_ONE}-1`;
    const others = asked.flat().filter((token) => !isSlow(token));
    expect(Math.max(...others.map(({ milliseconds }) => milliseconds))).toBeLessThan(SLOW);
  });

  it('are not lost at many instants of a SIGKILL if the bank had not rotated the refresh token', async () => {
    const bank = await rotatingBank({ delay: () => 10 });
    const short = { connectTimeout: 1, requestTimeout: 1 };
    const { all, start, order } = await processes(bank, LANES, short);
    const outcomes = { recovered: 0, lost: 0, lostBeforeRotation: 0 };
    const rotatedWhenKilled = { yes: 0, no: 0 };
    const inTurn = async (first: AskingProcess, lane: number) => {
      let current = first;
      // Loads modules and opens the store before the measurement.
      bank.consent(`warm-${lane}`);
      await current.ask(order([`warm-${lane}`], 1));
      for (let round = 0; round < KILLS / LANES; round++) {
        const consent = `c-${lane}-${round}`;
        bank.consent(consent);
        await current.killWhileAsking(
          order([consent], 1),
          ((round + lane / LANES) * LANES * KILLED_WITHIN) / KILLS,
        );
        const rotated = bank.grant(consent).refreshes > 0;
        rotatedWhenKilled[rotated ? 'yes' : 'no']++;
        current = await start();
        const [next] = await current.ask(order([consent], 1));
        if (next!.accessToken) outcomes.recovered++;
        else if (!rotated) outcomes.lostBeforeRotation++;
        else {
          outcomes.lost++;
          expect(next).toMatchObject({
            code: 'consent-ended',
            description: expect.stringContaining('was lost') as string,
          });
        }
      }
    };
    await Promise.all(all.map(inTurn));
    console.log('killed in the middle of a refresh:', outcomes, rotatedWhenKilled);
    // Processes ended both before and after the rotation.
    expect(rotatedWhenKilled.yes).toBeGreaterThan(KILLS / 20);
    expect(rotatedWhenKilled.no).toBeGreaterThan(KILLS / 20);
    expect(outcomes.lostBeforeRotation).toBe(0);
    expect(outcomes.recovered + outcomes.lost).toBe(KILLS);
  });

  it('are not lost after a SIGKILL if the bank accepts the refresh token once more', async () => {
    const bank = await rotatingBank({ delay: () => 500, grace: true });
    const short = { connectTimeout: 1, requestTimeout: 1 };
    const { all, start, order } = await processes(bank, 1, short);
    bank.consent('c');
    await all[0]!.killWhileAsking(order(['c'], 1), 400);
    expect(bank.grant('c').refreshes).toBe(1);
    const [next] = await (await start()).ask(order(['c'], 1));
    expect(next).toMatchObject({
      accessToken: 'at-c-2',
      remarks: expect.arrayContaining([expect.stringContaining('did not end')]) as string[],
    });
  });
});
