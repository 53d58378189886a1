import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  commandsOf,
  readWorkflow,
  workflowPaths,
  type Job,
  type Step,
} from '../../support/package/workflows';

const root = resolve(__dirname, '../../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const { publishConfig, scripts } = JSON.parse(read('package.json')) as {
  publishConfig: unknown;
  scripts: Record<string, string>;
};

const ci = readWorkflow('ci');
const publish = readWorkflow('publish');
const jobs: [string, Job][] = [...Object.entries(ci.jobs), ...Object.entries(publish.jobs)];
const steps: [string, Step][] = jobs.flatMap(([job, { steps }]) =>
  steps.map((step): [string, Step] => [`${job}: ${step.name}`, step]),
);
const commandSteps = steps.filter(([, { run }]) => run !== undefined);

/** Programs of GitHub's machines, and commands of npm that need no script of the package. */
const GIVEN =
  /^(sudo apt-get|mkdir|mv|gunzip|cmp|git merge-base|gh release create|npm pack|npm publish) /;

/** The reason why a command cannot run in a clone of this package. */
function faultOf(command: string): string | undefined {
  const [, script] = /^npm (?:run )?([\w:]+)(?: -- .*)?$/.exec(command) ?? [];
  if (script) return script in scripts ? undefined : `package.json has no script ${script}`;
  const [, file] = /^(?:node|bash) ([\w./]+)/.exec(command) ?? [];
  if (file) return existsSync(resolve(root, file)) ? undefined : `there is no file ${file}`;
  return GIVEN.test(command) ? undefined : 'nobody says where this command comes from';
}

describe('faultOf', () => {
  it.each([
    ['npm run buildd', 'package.json has no script buildd'],
    ['node build/none.mjs', 'there is no file build/none.mjs'],
    ['curl https://example.com', 'nobody says where this command comes from'],
  ])('finds the fault of %s', (command, fault) => expect(faultOf(command)).toBe(fault));
});

describe('the workflows', () => {
  it('are ci.yml and publish.yml', () => {
    expect(workflowPaths).toEqual(['.github/workflows/ci.yml', '.github/workflows/publish.yml']);
  });

  it.each(commandSteps)('run a command that exists in %s', (_, { run }) => {
    const commands = commandsOf(run!);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.map((command) => [command, faultOf(command)])).toEqual(
      commands.map((command) => [command, undefined]),
    );
  });

  it('end each job and each command after some time', () => {
    const limits = [...jobs, ...commandSteps].map(([name, it]) => [name, it['timeout-minutes']]);
    expect(limits.filter(([, limit]) => typeof limit !== 'number')).toEqual([]);
  });

  it('pin each action by its commit, with the tag beside it', () => {
    const lines = workflowPaths.flatMap((path) => read(path).match(/^.*\buses:.*$/gm) ?? []);
    expect(lines).toHaveLength(steps.filter(([, { uses }]) => uses).length);
    const pinned = /^ +uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(lines.filter((line) => !pinned.test(line))).toEqual([]);
    const actions = new Set(lines.map((line) => line.trim()));
    const names = new Set([...actions].map((line) => line.split('@', 1)[0]));
    expect(actions.size).toBe(names.size);
  });

  it('check out the sources without storing a token', () => {
    const checkouts = steps.filter(([, { uses }]) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const [name, step] of checkouts) {
      expect([name, step.with?.['persist-credentials']]).toEqual([name, false]);
    }
  });

  it('have read access to the sources only, except for two jobs', () => {
    expect([ci.permissions, publish.permissions]).toEqual([
      { contents: 'read' },
      { contents: 'read' },
    ]);
    const own = jobs.filter(([, { permissions }]) => permissions);
    expect(own.map(([name, { permissions }]) => [name, permissions])).toEqual([
      ['publish', { 'id-token': 'write' }],
      ['release', { contents: 'write' }],
    ]);
  });

  it('give a secret to the command that publishes, and to no other', () => {
    const texts = workflowPaths.map(read).join('\n');
    // In any form: `secrets.X`, `secrets['X']`, `secrets: inherit`, `toJSON(secrets)`.
    expect(texts.match(/\bsecrets\b.*/g)).toEqual(['secrets.NPM_TOKEN }}']);
    const { env } = publish.jobs.publish!.steps.find(({ run }) => run)!;
    expect(env!.NODE_AUTH_TOKEN).toBe('${{ secrets.NPM_TOKEN }}');
  });

  it('have variables for single commands only', () => {
    expect([ci, publish, ...jobs.map(([, job]) => job)].filter((it) => it.env)).toEqual([]);
    expect(steps.filter(([, { uses, env }]) => uses && env)).toEqual([]);
  });

  it('have an environment for the job that publishes, and for no other', () => {
    const own = jobs.filter(([, { environment }]) => environment);
    expect(own.map(([name, { environment }]) => [name, environment])).toEqual([['publish', 'npm']]);
  });

  it('install the Debian packages that the tests need', () => {
    const folder = 'test/support/stores';
    const needed = readdirSync(resolve(root, folder)).flatMap((name) =>
      [...read(`${folder}/${name}`).matchAll(/debian: '([\w-]+)'/g)].map(([, program]) => program!),
    );
    expect(needed.sort()).toEqual(['pgbouncer', 'redis-server']);
    for (const path of workflowPaths) {
      const installed = [...read(path).matchAll(/apt-get install (?:-\S+ )*([\w -]+)/g)];
      expect(installed.flatMap(([, names]) => names!.split(' ')).sort()).toEqual(needed);
    }
  });
});

describe('ci.yml', () => {
  it('runs each check of .ci/run except for the benchmark, whose figures depend on the machine', () => {
    const checks = [...read('.ci/run').matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name]) => name!);
    const commands = Object.values(ci.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run = '' }) => [...run.matchAll(/npm (?:run )?([\w:]+)/g)]),
    );
    expect(commands.map(([, name]) => name).sort()).toEqual(
      checks.filter((name) => name !== 'bench').sort(),
    );
  });

  it('tests on Node.js 22 and 24', () => {
    const { test, e2e } = ci.jobs;
    expect([test, e2e].map((job) => job!.strategy!.matrix.node)).toEqual([
      [22, 24],
      [22, 24],
    ]);
  });
});

describe('publish.yml', () => {
  const { pack, check, publish: onNpm, release } = publish.jobs;
  const runsOf = ({ steps }: Job): string[] => steps.flatMap(({ run = [] }) => run);
  const stepsWith = (action: string, ...from: Job[]): Step[] =>
    from.flatMap(({ steps }) => steps.filter(({ uses }) => uses?.startsWith(`actions/${action}@`)));

  it('starts with the tags that `npm run release` makes', () => {
    expect(publish.on).toEqual({ push: { tags: ['v*'] } });
  });

  it('packs a commit of main whose tag fits, and runs no test in that job', () => {
    expect(stepsWith('checkout', pack!).map((step) => step.with)).toEqual([
      { 'persist-credentials': false, 'fetch-depth': 0 },
    ]);
    expect(runsOf(pack!).flatMap(commandsOf)).toEqual([
      'git merge-base --is-ancestor "$GITHUB_SHA" origin/main',
      'mkdir "$RUNNER_TEMP/release"',
      'node build/release/checkTag.mjs "$GITHUB_REF_NAME" "$GITHUB_REPOSITORY" > "$RUNNER_TEMP/release/notes.md"',
      'node setup.mjs',
      'npm pack --pack-destination "$RUNNER_TEMP/release"',
      'npm run sbom',
      'mv ./*.cdx.json "$RUNNER_TEMP/release"',
    ]);
  });

  it('runs all checks on Node.js 24, and the tests of ci.yml on Node.js 22', () => {
    expect(check!.strategy!.matrix.node).toEqual([22, 24]);
    const on = (version: number): string[] =>
      check!.steps.flatMap(({ if: condition, run }) =>
        condition === `matrix.node == ${version}` ? run! : [],
      );
    expect(on(24)).toEqual(['bash .ci/run']);
    const tests = [ci.jobs.test!, ci.jobs.e2e!].flatMap(runsOf);
    expect(on(22)).toEqual(tests.filter((run) => run.startsWith('npm') && !/demo/.test(run)));
    const conditions = check!.steps.flatMap(({ if: condition = [] }) => condition);
    expect(conditions).toHaveLength(on(22).length + on(24).length);
  });

  it('compares the tarball with one that is packed after the checks', () => {
    expect(check!.steps.at(-1)!.if).toBeUndefined();
    expect(commandsOf(runsOf(check!).at(-1)!)).toEqual([
      'mkdir "$RUNNER_TEMP/again"',
      'npm pack --pack-destination "$RUNNER_TEMP/again"',
      'gunzip "$RUNNER_TEMP"/release/*.tgz "$RUNNER_TEMP"/again/*.tgz',
      'cmp "$RUNNER_TEMP"/release/*.tar "$RUNNER_TEMP"/again/*.tar',
    ]);
  });

  it('publishes after all checks, and makes the release after that', () => {
    expect([pack, check, onNpm, release].map((job) => job!.needs)).toEqual([
      undefined,
      'pack',
      ['pack', 'check'],
      ['pack', 'publish'],
    ]);
    const conditions = [pack, check, onNpm, release].map((job) => job!.if);
    expect(conditions.filter(Boolean)).toEqual([]);
  });

  it('takes the files of the job that packs, by their ID', () => {
    expect(pack!.outputs).toEqual({ artifact: '${{ steps.upload.outputs.artifact-id }}' });
    expect(stepsWith('upload-artifact', ...Object.values(publish.jobs))).toEqual([
      expect.objectContaining({ id: 'upload' }),
    ]);
    const downloads = stepsWith('download-artifact', check!, onNpm!, release!);
    const source = {
      'artifact-ids': '${{ needs.pack.outputs.artifact }}',
      'merge-multiple': true,
    };
    expect(downloads.map((step) => step.with)).toEqual([
      { ...source, path: '${{ runner.temp }}/release' },
      { ...source, path: 'release' },
      { ...source, path: 'release' },
    ]);
  });

  it('publishes the tarball that was packed, with a provenance, by one command', () => {
    expect(runsOf(onNpm!)).toEqual([
      'npm publish "./release/n8n-nodes-open-banking-${GITHUB_REF_NAME#v}.tgz" --ignore-scripts --provenance --access public --tag "$DIST_TAG"',
    ]);
  });

  it('makes the release at GitHub by one command', () => {
    expect(runsOf(release!)).toEqual([
      'gh release create "$GITHUB_REF_NAME" ./release/*.tgz ./release/*.cdx.json --repo "$GITHUB_REPOSITORY" --verify-tag --title "$GITHUB_REF_NAME" --notes-file ./release/notes.md --prerelease="$IS_PRERELEASE"',
    ]);
  });

  it('runs no code of the package in the jobs that have a token', () => {
    expect(stepsWith('checkout', onNpm!, release!)).toEqual([]);
    const uses = [onNpm!, release!].map(({ steps }) => steps.map((step) => step.uses));
    expect(uses).toEqual([
      [
        expect.stringMatching(/^actions\/setup-node@/),
        expect.stringMatching(/^actions\/download-artifact@/),
        undefined,
      ],
      [expect.stringMatching(/^actions\/download-artifact@/), undefined],
    ]);
  });

  it('demands a provenance in package.json', () => {
    expect(publishConfig).toEqual({ access: 'public', provenance: true });
  });

  it('uses no cache, which another workflow could fill', () => {
    const settings = { 'node-version': 24, 'package-manager-cache': false };
    expect(stepsWith('setup-node', pack!, check!, onNpm!).map((step) => step.with)).toEqual([
      settings,
      { ...settings, 'node-version': '${{ matrix.node }}' },
      { ...settings, 'registry-url': 'https://registry.npmjs.org' },
    ]);
  });
});
