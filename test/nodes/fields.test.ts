import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';
import { MAXIMUM_PAGE, MEBIBYTE } from '../../core/transport/body';
import { loadPackage } from '../support/n8n/nodeExecution';

/** A field, or an option of a collection, and the node that has it. */
type Field = INodeProperties & { of: string };

let nodes: INodeType[];
let fields: Field[];

beforeAll(async () => {
  const loader = await loadPackage();
  nodes = Object.keys(loader.known.nodes).map((name) => loader.getNode(name).type as INodeType);
  fields = nodes.flatMap(({ description: { name, properties } }) =>
    properties
      .flatMap((field) => [field, ...nestedIn(field)])
      .map((field) => ({ ...field, of: name })),
  );
});

const nestedIn = ({ type, options = [] }: INodeProperties): INodeProperties[] =>
  type === 'collection' ? (options as INodeProperties[]) : [];

const choicesOf = ({ type, options = [] }: INodeProperties): INodePropertyOptions[] =>
  type === 'options' ? (options as INodePropertyOptions[]) : [];

/** Those that have no name like the others. */
const named = (all: Field[]) => all.map(({ of, displayName }) => `${of}: ${displayName}`);

it('each field but those that n8n explains has a description or a hint, or choices with a description', () => {
  const own = ['resource', 'operation', 'options'];
  const silent = fields.filter(
    (field) =>
      !own.includes(field.name) &&
      field.type !== 'notice' &&
      !field.description &&
      !field.hint &&
      !choicesOf(field).every(({ description }) => description),
  );
  expect(named(silent)).toEqual([]);
  expect(fields.length).toBeGreaterThan(60);
});

it('each operation has an action in sentence case and a description', () => {
  const operations = fields.filter(({ name }) => name === 'operation').flatMap(choicesOf);
  expect(operations.length).toBe(22);
  for (const { action, description } of operations) {
    expect(action).toMatch(/^[A-Z][a-z]+( [a-z]+| URL)+$/);
    expect(description).toBeTruthy();
  }
});

it('names of fields and choices are in title case', () => {
  const names = fields
    .filter(({ type }) => type !== 'notice')
    .flatMap((field) => [field.displayName, ...choicesOf(field).map(({ name }) => name)]);
  const small = new Set([
    'a',
    'an',
    'and',
    'as',
    'at',
    'before',
    'for',
    'in',
    'of',
    'per',
    'the',
    'to',
    'with',
  ]);
  const wrong = names.filter((name) =>
    name
      .split(/[\s/]+/)
      .some((word, index) => /^[a-z]/.test(word) && (index === 0 || !small.has(word))),
  );
  expect(wrong).toEqual([]);
});

it('placeholders show an example, and only fields for secrets hide their value', () => {
  const withPlaceholder = fields.filter(
    ({ type, placeholder }) => placeholder && !type.endsWith('ollection'),
  );
  expect(
    named(withPlaceholder.filter(({ placeholder }) => !/^e\.g\. /.test(placeholder!))),
  ).toEqual([]);
  const hidden = fields.filter(({ typeOptions }) => typeOptions?.password);
  expect(new Set(named(hidden))).toEqual(
    new Set([
      'openBanking: Access Token',
      ...['Code Verifier', 'Refresh Token', 'Original ID Token', 'Token'].map(
        (name) => `openBankingToken: ${name}`,
      ),
    ]),
  );
});

it('each node can be found in a category of n8n, and by other words', () => {
  for (const { description } of nodes) {
    expect(description.codex).toMatchObject({
      categories: expect.arrayContaining(['Finance & Accounting']),
      alias: expect.arrayContaining(['FAPI', 'PSD2', 'WSO2']),
    });
    expect(description.iconUrl).toEqual({ light: expect.any(String), dark: expect.any(String) });
  }
});

it('fields for numbers have the limits that the code holds', () => {
  const limits = (name: string) =>
    fields.find((field) => field.of === 'openBanking' && field.name === name)?.typeOptions;
  expect(limits('maximumPage')).toEqual({ minValue: 1, maxValue: MAXIMUM_PAGE / MEBIBYTE });
  expect(limits('maximumWait')!.maxValue! * 1000).toBeLessThan(2 ** 31);
});

it('docs/operations.md names each operation and each option of the nodes', () => {
  const text = readFileSync(resolve(__dirname, '../../docs/operations.md'), 'utf8');
  const ofNodes = fields.filter(({ of }) => of !== 'openBankingRedirectTrigger');
  const operations = ofNodes.filter(({ name }) => name === 'operation').flatMap(choicesOf);
  const options = ofNodes.filter(({ name }) => name === 'options').flatMap(nestedIn);
  const plain = ofNodes.filter(
    ({ of, name, type }) =>
      of === 'openBanking' &&
      type !== 'notice' &&
      !['resource', 'operation', 'options'].includes(name),
  );
  const names = [
    ...operations.map(({ name }) => name),
    ...[...options, ...plain].map((field) => field.displayName),
  ];
  const missing = names.filter(
    (name) =>
      !text.includes(`**${name}**`) &&
      !text.includes(`→ ${name}**`) &&
      !text.includes(`**${name.replace(/ \(.*/, '')}`),
  );
  expect([...new Set(missing)]).toEqual([]);
});

it('"Consent Name" begins with the name of the item or an empty text, because n8n shows "undefined" in red', () => {
  const defaults = fields
    .filter(({ name }) => name === 'consentName')
    .map((field) => field.default as string)
    .filter((text) => text.startsWith('='));
  expect(defaults).toEqual(["={{ $json.consent ?? '' }}"]);
});

it('the notice above "Consent → Create" names the options that a regime demands', () => {
  const demanded = ['Brazil: CPF', 'Saudi Arabia: National ID'];
  const notices = fields.filter(({ name }) => name === 'scopeBasedNotice');
  expect(notices).toHaveLength(1);
  for (const option of demanded) expect(notices[0]!.displayName).toContain(`"${option}"`);
  const offered = fields.map(({ displayName }) => displayName);
  expect(offered).toEqual(expect.arrayContaining(demanded));
});
