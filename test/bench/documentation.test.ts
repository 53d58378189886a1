import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filled } from '../../bench/report/filled';
import { allRatios, goals, type Results } from '../../bench/report/results';

const root = join(__dirname, '..', '..');
const results = JSON.parse(readFileSync(join(root, 'bench/results.json'), 'utf8')) as Results;
const text = readFileSync(join(root, 'docs/performance.md'), 'utf8');

/** Text without the alignment that Prettier gives to tables. */
const unaligned = (words: string) => words.replace(/ +/g, ' ').replace(/-{2,}/g, '--');

it('docs/performance.md shows the figures of bench/results.json', () => {
  expect(unaligned(filled(text, results))).toBe(unaligned(text));
});

it('filled() rejects a text without marks', () => {
  expect(() => filled('# Performance', results)).toThrow('no marks for machine');
});

it('bench/results.json has a ratio for each goal', () => {
  expect(Object.keys(results.ratios)).toEqual(expect.arrayContaining(Object.keys(goals)));
  expect(Object.keys(allRatios(results))).toEqual(Object.keys(results.ratios));
});

it('bench/results.json contains no host and no path', () => {
  expect(JSON.stringify(results)).not.toMatch(
    /\/(home|root|tmp|work|Users)\b|localhost|127\.0\.0\.1/,
  );
});
