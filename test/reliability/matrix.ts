import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { destroyAgents } from '../../core/transport/agents';
import { moveStoreClock, storeWithClock } from '../support/stores/storeClock';
import { Cell, countNames, LAST, LATER, type Counts, type GrantKind } from './cell';
import { writeMeasure } from './counts';
import type { Fault } from './faults/fault';
import { MovedClock } from './movedClock';
import { forEachAtOnce } from './pool';

/** Cells that are under way at the same time. */
const AT_ONCE = 12;

const kinds: readonly GrantKind[] = ['code', 'application', 'refresh', 'rotating refresh'];

const NONE: Counts = {
  codesSentTwice: 0,
  sentWhileUnderWay: 0,
  sentAfterRefusal: 0,
  stuck: 0,
  lost: 0,
};

/** Tests each fault of a family with each kind of grant. The quick form has all faults, too. */
export function testFaults(family: string, faults: readonly Fault[]): void {
  const cells = new Map<Fault, Cell[]>(faults.map((fault) => [fault, cellsOf(fault)]));

  beforeAll(async () => {
    await runAll([...cells.values()].flat());
    writeMeasure(`faults.${family}`, measured(family, cells));
  }, 600_000);

  test.each(faults.map((fault) => [fault.title, fault] as const))(
    'loses no token and sends none twice if the bank %s',
    (_title, fault) => {
      for (const cell of cells.get(fault)!) {
        expectRightTitle(cell);
        expect({ cell: cell.title, ...cell.count(), outcomes: cell.outcomes }).toEqual({
          cell: cell.title,
          ...NONE,
          outcomes: cell.outcomes,
        });
      }
    },
  );
}

function cellsOf(fault: Fault): Cell[] {
  const cells = kinds.map((kind) => new Cell(fault, kind, false));
  // The bank may have used the refresh token before the answer was lost.
  return fault.ends === 'unknown' ? [...cells, new Cell(fault, 'rotating refresh', true)] : cells;
}

async function runAll(cells: Cell[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'open-banking-faults-'));
  const file = join(folder, 'tokens.sqlite');
  const stores = [0, 1].map(() => storeWithClock(file));
  const clock = new MovedClock();
  const forward = (seconds: number): void => {
    clock.forward(seconds);
    moveStoreClock(file, seconds * 1000);
  };
  try {
    await forEachAtOnce(AT_ONCE, cells, (cell) => cell.begin(stores));
    forward(3_700);
    await forEachAtOnce(AT_ONCE, cells, (cell) => cell.meetFault());
    for (const [index, ahead] of LATER.entries()) {
      if (index === 0) continue;
      forward(ahead - LATER[index - 1]!);
      await forEachAtOnce(AT_ONCE, cells, (cell) => cell.askAgain(ahead));
    }
    for (const [index, ahead] of LAST.entries()) {
      forward(ahead - (LAST[index - 1] ?? LATER.at(-1)!));
      await forEachAtOnce(AT_ONCE, cells, (cell) => cell.askAtLast());
    }
  } finally {
    clock.stop();
    await destroyAgents();
    await Promise.all([...stores, ...cells.map(({ bank }) => bank)].map((open) => open.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fails if a row says that no token can be read, and the bytes hold one. */
function expectRightTitle({ fault, bank: { written } }: Cell): void {
  if (fault.ends === 'tokens' || fault.mayBeLost) return;
  const text = written.toString('latin1');
  const isSuccess = /^HTTP\/1\.[01] 2\d\d/m.test(text);
  const holds = [...text.matchAll(/\{[^{}]*"access_token":"at-\d+"[^{}]*\}/g)].some(([found]) => {
    try {
      return JSON.parse(found) !== undefined;
    } catch {
      return false;
    }
  });
  expect(isSuccess && holds).toBe(false);
}

function measured(family: string, cells: Map<Fault, Cell[]>) {
  const rows = kinds.map((kind) => {
    const own = [...cells.values()].flat().filter((cell) => cell.kind === kind);
    const sums = { ...NONE };
    for (const counts of own.map((cell) => cell.count())) {
      for (const name of countNames) sums[name] += counts[name];
    }
    return { family, kind, faults: cells.size, cells: own.length, ...sums };
  });
  const failures = [...cells.values()].flat().flatMap((cell) => {
    const counts = cell.count();
    const wrong = countNames.filter((name) => counts[name] > 0);
    if (!wrong.length) return [];
    const outcomes = cell.outcomes.map((asked) =>
      asked.map((one) => Object.values(one)[0]).join(' '),
    );
    return [
      `${family}: the bank ${cell.fault.title} [${cell.title}]: ${wrong.map((name) => `${name} ${counts[name]}`).join(', ')} | ends ${cell.fault.ends}; recovered ${cell.recovered}; ${outcomes.join(' / ')}`,
    ];
  });
  return { rows, failures };
}
