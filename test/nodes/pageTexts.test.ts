import type { INodePropertyCollection } from 'n8n-workflow';
import { textsOption } from '../../nodes/OpenBankingRedirectTrigger/fields/pageTextFields';
import {
  DEFAULT_LABELS,
  DEFAULT_WORDS,
  LONGEST,
  pageTexts,
} from '../../nodes/OpenBankingRedirectTrigger/pages/pageTexts';

/** The paths of all texts that the editor offers. */
const offered = (textsOption.options as INodePropertyCollection[]).flatMap(({ name, values }) =>
  values.map((field) => `texts.${name}.${field.name}`),
);

const textsWith = (options: Record<string, unknown>) => pageTexts((path) => options[path]);

it('returns the defaults if no text is set', () => {
  expect(pageTexts()).toEqual({
    name: undefined,
    language: 'en',
    words: DEFAULT_WORDS,
    labels: DEFAULT_LABELS,
  });
});

it('replaces the texts that are set, and returns the defaults of the others', () => {
  const { words, labels, name, language } = textsWith({
    yourName: ' Ledger\nSync ',
    language: 'pt-br',
    'texts.connected.title': 'Conectado',
    'texts.expired.text': ' Um\r\n\n dois \n',
    'texts.labels.code': 'Suporte:',
  });
  expect({ name, language }).toEqual({ name: 'Ledger Sync', language: 'pt-BR' });
  expect(words).toEqual({
    ...DEFAULT_WORDS,
    connected: { ...DEFAULT_WORDS.connected, title: 'Conectado' },
    expired: { ...DEFAULT_WORDS.expired, text: 'Um\ndois' },
  });
  expect(labels).toEqual({ ...DEFAULT_LABELS, code: 'Suporte:' });
});

it('reads exactly the options of the editor, which have the same defaults', () => {
  const asked: string[] = [];
  pageTexts((path) => void asked.push(path));
  expect(asked.filter((path) => path.startsWith('texts.')).sort()).toEqual(offered.sort());
  const defaults = (textsOption.options as INodePropertyCollection[]).map(({ name, values }) => [
    name,
    Object.fromEntries(values.map((field) => [field.name, field.default])),
  ]);
  expect(Object.fromEntries(defaults)).toEqual({ ...DEFAULT_WORDS, labels: DEFAULT_LABELS });
});

it.each([undefined, null, '', ' \n\t ', 0, 7, true, {}, [], ['x'], Symbol('x')])(
  'returns the defaults if each option is %p',
  (value) => expect(pageTexts(() => value)).toEqual(pageTexts()),
);

it.each(['d', 'de_DE', 'de"><script>', 'de fr', 'x'.repeat(36), '-', 'en-'])(
  'ignores the invalid language %p',
  (language) => expect(textsWith({ language }).language).toBe('en'),
);

it('cuts long texts, but not inside a surrogate pair', () => {
  const long = '😀'.repeat(1_000_000);
  const { name, words, labels } = pageTexts(() => long);
  for (const [text, longest] of [
    [name!, LONGEST.name],
    [words.connected.title, LONGEST.title],
    [words.connected.text, LONGEST.text],
    [labels.code, LONGEST.label],
  ] as const) {
    expect(text).toMatch(/^(?:😀)+…$/u);
    expect(text.length).toBeLessThanOrEqual(longest);
    expect(text.length).toBeGreaterThan(longest - 3);
  }
});

it('does not cut a text of the maximum length', () => {
  const title = 'x'.repeat(LONGEST.title);
  expect(textsWith({ 'texts.moment.title': title }).words.moment.title).toBe(title);
});
