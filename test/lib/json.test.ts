import { isNestedDeeper, isOfTexts, serialisedBytes } from '../../core/lib/json';

const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;

it.each([
  ['a text', 'x', 0, false],
  ['null', null, 0, false],
  ['an empty object', {}, 0, true],
  ['an object of plain values', { a: 1, b: 'x' }, 1, false],
  ['a list in an object', { a: [] }, 1, true],
  ['20 levels', nested(20), 20, false],
  ['21 levels', nested(21), 20, true],
  ['100,000 levels', nested(100_000), 20, true],
])('isNestedDeeper looks at %s', (_, value, levels, expected) => {
  expect(isNestedDeeper(value, levels)).toBe(expected);
});

it.each([
  ['a number', 1, 0, false],
  ['a number in a list in an object', { a: ['x', 1] }, 5, false],
  ['texts and null', { a: ['x', null, true], b: {} }, 2, true],
  ['the same, nested deeper than allowed', { a: ['x', null, true], b: {} }, 1, false],
  ['100,000 levels', nested(100_000), 20, false],
])('isOfTexts looks at %s', (_, value, levels, expected) => {
  expect(isOfTexts(value, levels)).toBe(expected);
});

it('serialisedBytes counts bytes, not characters', () => {
  expect(serialisedBytes('ä')).toBe(4);
  expect(serialisedBytes(undefined)).toBe(0);
});
