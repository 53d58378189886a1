import { greatestOf, leastOf } from '../../core/lib/extremes';

it.each([100, 200_000])('finds the least and the greatest of %d numbers', (count) => {
  const numbers = Array.from({ length: count }, (_, at) => (at * 7919) % count);
  expect(leastOf(numbers)).toBe(0);
  expect(greatestOf(numbers)).toBe(count - 1);
});

it('has an end beyond all numbers for an empty list', () => {
  expect(leastOf([])).toBe(Infinity);
  expect(greatestOf([])).toBe(-Infinity);
});
