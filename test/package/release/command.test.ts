import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createGitRepository, type GitRepository } from '../../support/package/gitRepository';
import { json, manifest, releasable } from '../../support/package/releasable';
import { until } from '../../support/waiting';

let repository: GitRepository;
afterEach(() => repository.remove());

/** A package that can be released, with the command itself and these checks. */
function create(checks: string): void {
  repository = createGitRepository({
    ...releasable,
    '.ci/run': checks,
    '.gitignore': '*.log\n',
  });
  repository.copy(resolve(__dirname, '../../../build/release'), 'build/release');
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--message', 'Add the command');
}

/** Starts a script of build/release/ in the repository. */
function start(script: string, ...options: string[]) {
  const child = spawn(process.execPath, [`build/release/${script}`, ...options], {
    cwd: repository.root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }));
  return { child, ended };
}

describe('npm run release', () => {
  it('runs .ci/run, and prints the commands that publish', async () => {
    create('echo "$PWD" > ran.log; grep -q \'"version": "0.2.0"\' package.json');
    const { code, output } = await start('main.mjs', '0.2.0').ended;
    const commands = [...output.matchAll(/^ {2}(git .*)$/gm)].map(([, command]) => command);
    expect(commands).toEqual([
      'git push origin main:release-v0.2.0',
      'git pull origin main',
      'git push origin v0.2.0',
    ]);
    expect(code).toBe(0);
    expect(repository.read('ran.log')).toContain(repository.root);
    const today = new Date().toISOString().slice(0, 10);
    expect(repository.read('CHANGELOG.md')).toContain(`## [0.2.0] - ${today}`);
    expect(repository.git('tag', '--list')).toBe('v0.2.0');
  });

  it('takes everything back if .ci/run fails', async () => {
    create('echo "1 passed, 1 failed"; exit 1');
    const { code, output } = await start('main.mjs', '0.2.0').ended;
    expect(output).toMatch(/1 passed, 1 failed\n.*checks failed(.|\n)*Nothing was released\.\n$/);
    expect(code).toBe(1);
    expect(repository.git('status', '--porcelain')).toBe('');
    expect(repository.git('tag', '--list')).toBe('');
  });

  it('ends the checks and takes everything back on a signal', async () => {
    // As in .ci/run: `timeout` puts the check into a process group of its own.
    create("timeout 60 sh -c 'echo $$ > pid.log; exec sleep 60'; echo survived > survived.log");
    const { child, ended } = start('main.mjs', '0.2.0');
    const file = join(repository.root, 'pid.log');
    await until(() => existsSync(file) && readFileSync(file, 'utf8').trim() !== '');
    child.kill('SIGINT');
    const { code, output } = await ended;
    expect(output).toMatch(/Nothing was released/);
    expect(code).toBe(1);
    expect(repository.git('status', '--porcelain')).toBe('');
    expect(existsSync(join(repository.root, 'survived.log'))).toBe(false);
    const pid = Number(repository.read('pid.log'));
    await until(() => !isRunning(pid));
  });

  it.each([[[]], [['0.2.0', '0.3.0']]])('explains its use for %j', async (options) => {
    create('exit 1');
    const { code, output } = await start('main.mjs', ...options).ended;
    expect(output).toBe('Usage: npm run release -- <version>\n');
    expect(code).toBe(1);
  });
});

describe('checkTag', () => {
  it('prints the notes of a release', async () => {
    create('exit 0');
    expect(await start('main.mjs', '0.2.0').ended).toMatchObject({ code: 0 });
    const address = 'https://github.com/an-owner/a-package/blob/v0.2.0/docs/guide.md#second';
    expect(await start('checkTag.mjs', 'v0.2.0', 'an-owner/a-package').ended).toEqual({
      code: 0,
      output: `### Added\n\n- A second thing: [how](${address}).\n`,
    });
  });

  it.each([
    ['v0.3.0', 'an-owner/a-package', 'The tag is v0.3.0, and package.json has 0.1.0.\n'],
    ['0.1.0', 'an-owner/a-package', 'The tag is 0.1.0, and package.json has 0.1.0.\n'],
    ['v0.1.0', 'other/fork', 'package.json does not name the repository other/fork.\n'],
  ])('refuses %s of %s', async (tag, at, output) => {
    create('exit 0');
    expect(await start('checkTag.mjs', tag, at).ended).toEqual({ code: 1, output });
  });

  it.each<[string, string, string, string]>([
    ['a lock file of another version', 'package-lock.json', '"0.1.0"', 'package-lock.json does'],
    ['a version without a section', 'CHANGELOG.md', '[0.1.0]', 'CHANGELOG.md has no entry for'],
    ['a changelog in another form', 'CHANGELOG.md', '2026-01-31', 'CHANGELOG.md: 0.1.0 has no'],
  ])('refuses %s', async (_, path, text, reason) => {
    create('exit 0');
    repository.write(path, repository.read(path).replace(text, text.replace(/\d/g, '9')));
    const { code, output } = await start('checkTag.mjs', 'v0.1.0', 'an-owner/a-package').ended;
    expect(output).toContain(reason);
    expect(code).toBe(1);
  });

  it('refuses values that the owner has not filled in', async () => {
    create('exit 0');
    repository.write('package.json', json({ ...manifest, repository: undefined }));
    const { code, output } = await start('checkTag.mjs', 'v0.1.0', 'an-owner/a-package').ended;
    expect(output).toMatch(/^package\.json: repository\.url/m);
    expect(code).toBe(1);
  });
});

/** Whether a process runs. A zombie does not. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}
