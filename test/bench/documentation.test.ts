import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filled } from '../../bench/report/filled';
import { allRatios, goals, type Results } from '../../bench/report/results';

const root = join(__dirname, '..', '..');
const results = JSON.parse(readFileSync(join(root, 'bench/results.json'), 'utf8')) as Results;
const text = readFileSync(join(root, 'docs/performance.md'), 'utf8');

/** Tables are aligned when they are written. */
const unaligned = (words: string) => words.replace(/ +/g, ' ').replace(/-{2,}/g, '--');

it('shows the figures of bench/results.json', () => {
  expect(unaligned(filled(text, results))).toBe(unaligned(text));
});

it('refuses a text without the marks', () => {
  expect(() => filled('# Performance', results)).toThrow('no marks for machine');
});

it('has a figure for each goal', () => {
  expect(Object.keys(results.ratios)).toEqual(expect.arrayContaining(Object.keys(goals)));
  expect(Object.keys(allRatios(results))).toEqual(Object.keys(results.ratios));
});

it('names no host and no path', () => {
  expect(JSON.stringify(results)).not.toMatch(
    /\/(home|root|tmp|work|Users)\b|localhost|127\.0\.0\.1/,
  );
});
