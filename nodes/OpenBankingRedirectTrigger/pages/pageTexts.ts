/** The words of a page. Each line of the text is a paragraph. */
export interface PageWords {
  readonly title: string;
  readonly text: string;
}

const startAgain = 'You can close this window, or start again where you came from.';

/** The default words of each page. */
export const DEFAULT_WORDS = {
  connected: {
    title: 'You’re connected',
    text: 'You can close this window. We’re setting up your accounts.',
  },
  notConnected: {
    title: 'You didn’t give access',
    text: `Nothing was shared. ${startAgain}`,
  },
  bankProblem: {
    title: 'Your bank could not do this',
    text: `Nothing was shared. ${startAgain}`,
  },
  oneStepLeft: {
    title: 'One step left',
    text: 'Your browser did not pass on your bank’s answer by itself.\nPlease copy the whole address of this page from the address bar, paste it here, and choose “Continue”.',
  },
  moment: {
    title: 'One moment …',
    text: 'We’re passing on your bank’s answer.',
  },
  noAnswer: {
    title: 'Nothing to do here',
    text: 'Your bank sends you to this page once you’ve decided about access to your accounts.\nYou can close this window.',
  },
  expired: {
    title: 'This page has expired',
    text: 'Connected a moment ago? Then all is well, and you can close this window.\nIf not, please start again where you came from.',
  },
  notUsable: {
    title: 'We couldn’t use your bank’s answer',
    text: 'Nothing was shared. Please start again where you came from.',
  },
  notNow: {
    title: 'We couldn’t take your bank’s answer just now',
    text: 'It’s not your fault. Please reload this page in a minute.\nIf that doesn’t help, start again where you came from.',
  },
} as const satisfies Record<string, PageWords>;

/** The default labels: short words that are not part of {@link DEFAULT_WORDS}. */
export const DEFAULT_LABELS = {
  address: 'Address of this page',
  continue: 'Continue',
  bankSaid: 'Your bank said:',
  code: 'For support:',
} as const;

/** Name of a page. */
export type PageName = keyof typeof DEFAULT_WORDS;

/** Name of a label. */
export type LabelName = keyof typeof DEFAULT_LABELS;

/** All texts of the pages. They are plain text: the pages escape them. */
export interface PageTexts {
  /** Name of the application that the customer connects. */
  readonly name?: string;
  /** Language of the texts, as in HTML's `lang` (BCP 47). */
  readonly language: string;
  readonly words: Readonly<Record<PageName, PageWords>>;
  readonly labels: Readonly<Record<LabelName, string>>;
}

/** Maximum length of each kind of text, in characters. Longer texts are cut. */
export const LONGEST = { name: 60, title: 120, text: 600, label: 60 } as const;

/**
 * The texts of the pages: those that are set, and the defaults of all others.
 *
 * @param option returns an option of the trigger by its path, such as `texts.connected.title`; a value that is no text counts as not set
 */
export function pageTexts(option: (path: string) => unknown = () => undefined): PageTexts {
  const line = (path: string, longest: number) => linesOf(option(path), longest)?.join(' ');
  const words = mapped(DEFAULT_WORDS, (name, { title, text }) => ({
    title: line(`texts.${name}.title`, LONGEST.title) ?? title,
    text: linesOf(option(`texts.${name}.text`), LONGEST.text)?.join('\n') ?? text,
  }));
  const labels = mapped<LabelName, string, string>(
    DEFAULT_LABELS,
    (name, label) => line(`texts.labels.${name}`, LONGEST.label) ?? label,
  );
  return {
    name: line('yourName', LONGEST.name),
    language: languageOf(option('language')) ?? 'en',
    words,
    labels,
  };
}

function linesOf(value: unknown, longest: number): string[] | undefined {
  if (typeof value !== 'string') return undefined;
  const lines = cut(value.trim(), longest)
    .split('\n')
    .map((line) => line.replace(/\p{Cc}/gu, ' ').trim())
    .filter(Boolean);
  return lines.length ? lines : undefined;
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // A cut between the two halves of a surrogate pair would leave an invalid character.
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function languageOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 35) return undefined;
  try {
    return Intl.getCanonicalLocales(value.trim())[0];
  } catch {
    return undefined;
  }
}

function mapped<Name extends string, Value, Result>(
  values: Readonly<Record<Name, Value>>,
  map: (name: Name, value: Value) => Result,
): Record<Name, Result> {
  const entries = Object.entries(values) as [Name, Value][];
  return Object.fromEntries(entries.map(([name, value]) => [name, map(name, value)])) as Record<
    Name,
    Result
  >;
}
