import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { customCredential } from '../support/bank/credential';
import { until } from '../support/waiting';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { openPlace, storeNames, type Place } from './hosts/places';

/** Processes that are killed for each store. */
const KILLS = isQuick ? 5 : 100;

/** Rows that the bank books before each of them. */
const ROWS = 12;

/** Milliseconds within which a process that polls is killed. */
const KILLED_WITHIN = 250;

const measure: Measure = { rows: [], failures: [] };
afterAll(() => writeMeasure('positions', measure));

const running = new Set<ChildProcess>();
afterAll(() => running.forEach((child) => child.kill('SIGKILL')));

/** The reasons for which processes ended by themselves. */
const failures: string[] = [];

/** A line of the workflow's log. */
type Line =
  | { at: 'executed'; id: string; ids: string[] }
  | { at: 'committed'; id: string }
  | { at: 'polled'; rows: number };

describe.each(isQuick ? (['SQLite'] as const) : storeNames)('with %s', (store) => {
  let place: Place;
  beforeAll(async () => (place = await openPlace(store)), 60_000);
  afterAll(() => place.close());

  it('a killed process loses no transaction, and repeats only what it had not committed', async () => {
    const [ledger, log] = [join(place.folder, 'ledger.json'), join(place.folder, 'log')];
    const credential = await customCredential('https://bank.example');
    const accountApi = { accountApiUrl: 'https://bank.example/aisp' };
    const settings = { ...credential, ...accountApi, ...place.keeping };
    const rows: object[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      book(rows, ROWS);
      write(ledger, rows);
      const child = await start(place, { settings, ledger, log, batch: 1 + (kill % 7) });
      // At moments that are spread evenly, so that a run does not depend on chance.
      await wait(((kill + 0.5) * KILLED_WITHIN) / KILLS);
      await end(child);
    }
    const last = await start(place, { settings, ledger, log, batch: 1000 });
    const before = linesOf(log).length;
    // The last process polls twice after everything was committed.
    await until(
      () => failures.length > 0 || idlePolls(linesOf(log).slice(before), rows.length) >= 3,
    );
    expect(failures).toEqual([]);
    await end(last);
    const { lost, repeated, wronglyRepeated } = judged(linesOf(log), rows.length);
    measure.rows.push({
      store,
      kills: KILLS,
      transactions: rows.length,
      lost,
      repeated,
      wronglyRepeated,
    });
    if (lost + wronglyRepeated > 0)
      measure.failures.push(
        `positions: ${store}: lost ${lost}, wrongly repeated ${wronglyRepeated}`,
      );
    expect({ lost, wronglyRepeated }).toEqual({ lost: 0, wronglyRepeated: 0 });
  });
});

/** Books rows, with IDs and without. */
function book(rows: object[], count: number): void {
  const day = new Date().toISOString().slice(0, 10);
  for (let at = 0; at < count; at++) {
    const number = rows.length;
    rows.push({
      AccountId: `A-${number % 4}`,
      ...(number % 3 > 0 && { TransactionId: `T${number}` }),
      ...{ Status: 'Booked', CreditDebitIndicator: 'Debit' },
      BookingDateTime: `${day}T00:00:00+00:00`,
      Amount: { Amount: `${number + 1}.00`, Currency: 'GBP' },
    });
  }
}

/** Writes a file that a reader sees whole. */
function write(path: string, rows: readonly object[]): void {
  writeFileSync(`${path}.new`, JSON.stringify(rows));
  renameSync(`${path}.new`, path);
}

async function start({ folder }: Place, task: object): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'positions/subscriberProcess.cjs'), {
    env: { ...process.env, N8N_USER_FOLDER: folder },
    execArgv: ['--no-warnings'],
  });
  running.add(child);
  await once(child, 'message');
  child.send(task);
  await once(child, 'message');
  child.on('message', ({ failure }: { failure?: string }) => failure && failures.push(failure));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  running.delete(child);
}

/** The lines that were written whole. */
function linesOf(log: string): Line[] {
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Line];
      } catch {
        return [];
      }
    });
}

/** Polls of the whole ledger since the last execution. */
function idlePolls(lines: readonly Line[], rows: number): number {
  const last = lines.findLastIndex(({ at }) => at !== 'polled');
  return lines.slice(last + 1).filter((line) => line.at === 'polled' && line.rows === rows).length;
}

function judged(lines: readonly Line[], rows: number) {
  const executed = new Map<string, number>();
  const byHandOver = new Map<string, string[]>();
  const committed = new Set<string>();
  let [repeated, wronglyRepeated] = [0, 0];
  for (const line of lines) {
    if (line.at === 'committed') byHandOver.get(line.id)?.forEach((id) => committed.add(id));
    if (line.at !== 'executed') continue;
    byHandOver.set(line.id, line.ids);
    for (const id of line.ids) {
      if (executed.has(id)) repeated++;
      if (committed.has(id)) wronglyRepeated++;
      executed.set(id, (executed.get(id) ?? 0) + 1);
    }
  }
  return { lost: rows - executed.size, repeated, wronglyRepeated };
}
