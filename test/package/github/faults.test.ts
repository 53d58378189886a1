import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const main = resolve(__dirname, '../../../build/workflows/main.mjs');
const good = `on: push
jobs:
  hello:
    runs-on: ubuntu-latest
    steps:
      - run: echo "grüß"
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-banking-workflows-'));
  mkdirSync(join(folder, '.github/workflows'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Checks a folder with these workflows. */
function check(workflows: Record<string, string>): { status: number | null; output: string } {
  for (const [name, text] of Object.entries(workflows)) {
    writeFileSync(join(folder, '.github/workflows', name), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [main], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

describe('the check of the workflows', () => {
  it('prints nothing if there is no fault', () => {
    expect(check({ 'good.yml': good })).toEqual({ status: 0, output: '' });
  });

  it('prints file, line, column and message of each fault', () => {
    const unknownKey = good.replace('run:', 'rum:');
    const unknownValue = good.replace('"grüß"', '${{ matrix.node }}');
    const { status, output } = check({ 'a.yml': unknownKey, 'b.yaml': unknownValue });
    expect(status).toBe(1);
    expect(output).toMatch(/^\.github\/workflows\/a\.yml:6:9: unexpected key "rum"/m);
    expect(output).toMatch(/^\.github\/workflows\/b\.yaml:6:23: property "node" is not defined/m);
  });

  it('names the place of broken YAML', () => {
    const { status, output } = check({ 'a.yml': good.replace('on: push', 'on: [push') });
    expect(status).toBe(1);
    expect(output).toMatch(/^\.github\/workflows\/a\.yml:2:1: .*\n/);
  });

  it('checks the other workflows after a broken one', () => {
    const { output } = check({ 'a.yml': 'on: [', 'b.yml': good.replace('on: push', 'no: push') });
    expect(output).toMatch(/^\.github\/workflows\/b\.yml:1:1: /m);
  });

  it('fails if there is no workflow', () => {
    expect(check({})).toEqual({ status: 1, output: '.github/workflows has no workflow\n' });
  });
});
