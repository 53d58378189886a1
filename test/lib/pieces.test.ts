import fc from 'fast-check';
import { eachInPieces, inPieces, PIECE, sortedInPieces } from '../../core/lib/pieces';

/** Numbers that repeat, in no order. */
const numbers = (count: number) => Array.from({ length: count }, (_, at) => (at * 7919) % 1009);

it('lets other work run between pieces, and gives the result', async () => {
  let turns = 0;
  const other = () => {
    turns++;
    if (turns < 100) setImmediate(other);
  };
  setImmediate(other);
  let visited = 0;
  await inPieces(eachInPieces(numbers(PIECE * 5), () => visited++));
  expect(visited).toBe(PIECE * 5);
  expect(turns).toBeGreaterThanOrEqual(4);
});

it('does few entries in one piece', () => {
  expect(eachInPieces(numbers(PIECE), () => undefined).next().done).toBe(true);
});

it.each([0, 1, 2, PIECE, PIECE + 1, PIECE * 5 + 3])(
  'sorts %d entries, equal ones in their order',
  (count) => {
    const entries = numbers(count).map((value, at) => ({ value, at }));
    const compare = (one: { value: number }, other: { value: number }) => one.value - other.value;
    return expect(inPieces(sortedInPieces(entries, compare))).resolves.toEqual(
      [...entries].sort(compare),
    );
  },
);

it('visits the entries in their order, with their indexes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer(), { maxLength: 50 }), async (entries) => {
      const visited: [number, number][] = [];
      await inPieces(eachInPieces(entries, (entry, index) => visited.push([entry, index])));
      expect(visited).toEqual(entries.map((entry, index) => [entry, index]));
    }),
    { numRuns: 20 },
  );
});
