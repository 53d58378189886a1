import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { regimeOptions } from '../../../credentials/fields/bankFields';
import { readYaml } from '../../support/package/workflows';

const root = resolve(__dirname, '../../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');

/** A part of a form: a text to read, or a question. */
interface Part {
  type: 'markdown' | 'input' | 'textarea' | 'dropdown' | 'checkboxes';
  id?: string;
  attributes: {
    label?: string;
    value?: string;
    options?: (string | { label: string; required?: boolean })[];
  };
  validations?: { required: boolean };
}

interface Form {
  name: string;
  description: string;
  labels?: string[];
  body: Part[];
}

const folder = '.github/ISSUE_TEMPLATE';
const forms = readdirSync(resolve(root, folder))
  .filter((name) => name !== 'config.yml')
  .map((name): [string, Form] => [name, readYaml(`${folder}/${name}`) as Form]);

const questionsOf = ({ body }: Form): Part[] => body.filter(({ type }) => type !== 'markdown');

describe('the forms for issues', () => {
  it('are there for faults, banks and wishes', () => {
    expect(forms.map(([name]) => name)).toEqual(['bank.yml', 'bug.yml', 'feature.yml']);
  });

  it.each(forms)('have what GitHub demands in %s', (_, form) => {
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
    const questions = questionsOf(form);
    const ids = questions.map(({ id }) => id);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
    const labels = questions.map(({ attributes }) => attributes.label);
    expect(labels.filter((label) => !label)).toEqual([]);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it.each(forms.filter(([name]) => name !== 'feature.yml'))(
    'ask for the error code and the versions in %s',
    (_, form) => {
      const required = questionsOf(form).filter(({ validations }) => validations?.required);
      const versions = required.find(({ id }) => id === 'versions')!.attributes.value;
      for (const name of ['n8n-nodes-open-banking:', 'n8n:', 'Node.js:']) {
        expect(versions).toContain(`${name}\n`);
      }
      expect(required.map(({ attributes }) => attributes.label)).toContain('Error code');
    },
  );

  it.each(forms)('ask for no key, and to confirm that there is none, in %s', (name, form) => {
    const questions = questionsOf(form);
    const secret = /\bkey|certificate|token|passphrase|credential/i;
    const labels = questions
      .filter(({ id }) => id !== 'regime')
      .map(({ attributes }) => attributes.label!);
    expect(labels.filter((label) => secret.test(label))).toEqual([]);
    const { attributes } = questions.find(({ id }) => id === 'secrets')!;
    expect(attributes.options).toEqual([
      { label: expect.stringMatching(/contains no key, certificate/), required: true },
    ]);
    if (name !== 'feature.yml') {
      expect(form.body[0]!.attributes.value).toMatch(/^\*\*Send no secrets\.\*\*/);
    }
  });

  it('offer the regimes of the credential', () => {
    const [, form] = forms.find(([name]) => name === 'bank.yml')!;
    const { attributes } = form.body.find(({ id }) => id === 'regime')!;
    expect(attributes.options).toEqual([
      'Automatic',
      ...regimeOptions.map(({ name }) => name),
      'I do not know',
    ]);
  });

  it('lead vulnerabilities to the private report of the repository in package.json', () => {
    const { repository } = JSON.parse(read('package.json')) as { repository: { url: string } };
    const address = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
    expect(readYaml(`${folder}/config.yml`)).toMatchObject({
      blank_issues_enabled: false,
      contact_links: [{ name: 'Vulnerability', url: `${address}/security/advisories/new` }],
    });
  });
});

describe('the template for pull requests', () => {
  it('asks for a test, the changelog, and no key', () => {
    const text = read('.github/pull_request_template.md');
    for (const part of [
      'error code',
      'A test fails',
      '`CHANGELOG.md`',
      '`bash .ci/run`',
      'no key',
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe('dependabot.yml', () => {
  const { updates } = readYaml('.github/dependabot.yml') as {
    updates: {
      'package-ecosystem': string;
      directory: string;
      schedule: { interval: string };
      groups: Record<string, { patterns: string[]; 'exclude-patterns'?: string[] }>;
    }[];
  };

  it('watches each lock file, and the actions, each week', () => {
    const watched = updates.map((update) => [update['package-ecosystem'], update.directory]);
    expect(watched).toEqual([
      ['npm', '/'],
      ['npm', '/demo/n8n/runtime'],
      ['npm', '/test/compat/runtime'],
      ['github-actions', '/'],
    ]);
    for (const { schedule } of updates) expect(schedule.interval).toBe('weekly');
  });

  it('puts the bundled libraries into a pull request of their own', () => {
    const [, section = ''] = read('CONTRIBUTING.md').split('\n## Dependencies\n');
    const bundled = [...section.matchAll(/^\| \[([\w-]+)\]/gm)].map(([, name]) => name!).sort();
    const { groups } = updates[0]!;
    expect(groups.bundled!.patterns).toEqual(bundled);
    expect(groups.tools).toEqual({ patterns: ['*'], 'exclude-patterns': bundled });
  });
});
