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
const GIVEN = /^(sudo apt-get|mkdir|mv|gh release create|npm pack|npm publish) /;

/** The reason why a command cannot run in a clone of this package. */
function faultOf(command: string): string | undefined {
  const [, script] = /^npm (?:run )?([\w:]+)(?: -- .*)?$/.exec(command) ?? [];
  if (script) return script in scripts ? undefined : `package.json has no script ${script}`;
  const [, file] = /^(?:node|bash) ([\w./]+)/.exec(command) ?? [];
  if (file) return existsSync(resolve(root, file)) ? undefined : `there is no file ${file}`;
  return GIVEN.test(command) ? undefined : 'nobody says where this command comes from';
}

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

  it.each([
    ['npm run buildd', 'package.json has no script buildd'],
    ['node build/none.mjs', 'there is no file build/none.mjs'],
    ['curl https://example.com', 'nobody says where this command comes from'],
  ])('fail the test above with %s', (command, fault) => expect(faultOf(command)).toBe(fault));

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

  it('leave no token behind where they get the sources', () => {
    const checkouts = steps.filter(([, { uses }]) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const [name, step] of checkouts) {
      expect([name, step.with?.['persist-credentials']]).toEqual([name, false]);
    }
  });

  it('may read the sources, and nothing else unless a job needs it', () => {
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

  it('install what the tests need from Debian', () => {
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
  const { pack, publish: onNpm, release } = publish.jobs;

  it('starts with the tags that `npm run release` makes', () => {
    expect(publish.on).toEqual({ push: { tags: ['v*'] } });
  });

  it('checks the tag before anything else, and packs after all checks', () => {
    const runs = pack!.steps.flatMap(({ run }) => (run ? commandsOf(run) : []));
    const order = ['node build/release/checkTag.mjs', 'bash .ci/run', 'npm pack', 'npm run sbom'];
    const positions = order.map((begin) => runs.findIndex((run) => run.startsWith(begin)));
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
    expect(positions).not.toContain(-1);
    const first = pack!.steps.find(({ run }) => run);
    expect(first!.run).toContain('checkTag.mjs "$GITHUB_REF_NAME" "$GITHUB_REPOSITORY"');
  });

  it('runs no code of the package where a token can be had', () => {
    for (const job of [onNpm!, release!]) {
      expect(job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))).toEqual([]);
      expect(job.steps.flatMap(({ run }) => run ?? [])).toHaveLength(1);
    }
    expect([onNpm!.needs, release!.needs]).toEqual(['pack', 'publish']);
    expect(onNpm!.environment).toBe('npm');
  });

  it('publishes the tarball that was packed, with provenance', () => {
    const { run } = onNpm!.steps.find((step) => step.run)!;
    expect(run).toMatch(
      /^npm publish "\.\/release\/n8n-nodes-open-banking-\$\{GITHUB_REF_NAME#v\}\.tgz" --provenance --access public --tag /,
    );
  });

  it('lets npm refuse a release by hand, because npm makes provenance in workflows alone', () => {
    expect(publishConfig).toEqual({ access: 'public', provenance: true });
  });

  it('uses no cache, which another workflow could fill', () => {
    const setups = [pack!, onNpm!].flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@')),
    );
    expect(setups.map((step) => step.with)).toEqual([
      { 'node-version': 24, 'package-manager-cache': false },
      {
        'node-version': 24,
        'package-manager-cache': false,
        'registry-url': 'https://registry.npmjs.org',
      },
    ]);
  });
});
