import { isJsonObject } from '../../lib/json';

/** The words of a refusal, in the order in which they are shown. */
export interface BankWords {
  /** Codes: texts without blanks and numbers. They may decide what the refusal means. */
  readonly codes: readonly string[];
  /** Codes and sentences, without those that say the same. */
  readonly all: readonly string[];
}

/** The place of a member in the order of its object, by what its name means. */
type Meaning = 'code' | 'title' | 'text' | 'place';

const ORDER: readonly Meaning[] = ['code', 'title', 'text', 'place'];

/**
 * The ends of names under which banks and gateways give their reasons, in lower case and without signs: RFC 6749, RFC 9457, Open Banking UK,
 * the Berlin Group, Australia's CDR, JSON:API, WSO2, Apigee, IBM, AWS, Azure, Kong, Spring, SOAP. Other names
 * with these ends are also read.
 */
const NAMES: readonly (readonly [end: RegExp, meaning: Meaning])[] = [
  [/(?:code|error|category|exception|fault|^type|problemtype)$/, 'code'],
  [/(?:title|summary)$/, 'title'],
  [
    /(?:message|msg|text|description|detail|reason|string|information|info|cause|explanation|hint)$/,
    'text',
  ],
  [
    /(?:path|pointer|parameter|field|^id|traceid|requestid|correlationid|interactionid|transactionid)$/,
    'place',
  ],
];

/** Members that only repeat the status. */
const SAID_ELSEWHERE = /^(?:http)?(?:status)?code$|^http(?:status|message)$/;

/** Names of members that hold reasons. In them, sentences under other names are reasons, too: a bank may name the field that is wrong. */
const REASONS = /(?:error|detail|message|fault|violation|problem)$/;

/** Names whose texts are never shown, even if there are no other words. */
const NO_WORDS = /(?:token|time|timestamp|date|url|uri|instance|id|type|version|href|path|method)$/;

const MAXIMUM_DEPTH = 8;
const MAXIMUM_MEMBERS = 500;
const MAXIMUM_LIST = 20;
const MAXIMUM_WORDS = 12;
const MAXIMUM_CODES = 100;

/** Maximum characters of a text that are read. */
const MAXIMUM_LENGTH = 4000;

/**
 * Reads the reasons of a refusal in JSON of any dialect: texts whose names mean a code, a title or a message, however deep they are. If there
 * are none, any sentence. JSON in a text is read, too.
 *
 * @param status of the answer; a number that repeats it is left out
 */
export function bankWords(value: unknown, status?: number): BankWords {
  const words = wordsIn(value, status, true);
  return words.all.length > 0 ? words : wordsIn(value, status, false);
}

/** Whether a text is a code, and not a sentence. */
export function isCode(text: string): boolean {
  return /^[\w.:-]{1,100}$/.test(text);
}

function comparable(text: string): string {
  return text.toLowerCase().replace(/[\s._-]+/g, '');
}

/** @param byName whether only texts count whose names are known; otherwise texts of several words */
function wordsIn(value: unknown, status: number | undefined, byName: boolean): BankWords {
  const reader = new Reader(status);
  reader.read(value, { name: '', depth: 0, byName, isReason: false });
  return reader;
}

/** The place of a value in the JSON. */
interface Place {
  /** See {@link plain}. */
  readonly name: string;
  readonly depth: number;
  /** Whether only texts count whose names are known; otherwise sentences under any name. */
  readonly byName: boolean;
  readonly isReason: boolean;
}

class Reader implements BankWords {
  readonly codes: string[] = [];
  readonly all: string[] = [];
  /** {@link all}, to be compared. */
  readonly #said: string[] = [];
  #left = MAXIMUM_MEMBERS;

  constructor(private readonly status: number | undefined) {}

  read(value: unknown, place: Place): void {
    const { name, depth, byName } = place;
    if (depth > MAXIMUM_DEPTH || this.#left-- <= 0) return;
    if (typeof value === 'string') this.#readText(value, place);
    else if (typeof value === 'number') this.#readNumber(value, place);
    else if (Array.isArray(value)) {
      const inner = { ...place, name: singular(name), depth: depth + 1 };
      for (const member of value.slice(0, MAXIMUM_LIST)) this.read(member, inner);
    } else if (isJsonObject(value)) {
      const isReason = place.isReason || REASONS.test(singular(name));
      // Words about the whole come first, and then those of each object in it.
      const members = firstMembers(value);
      const flat = members.filter(([, member]) => typeof member !== 'object');
      const nested = members.filter(([, member]) => typeof member === 'object');
      for (const [key, member] of [...(byName ? inOrder(flat) : flat), ...nested]) {
        this.read(member, { name: plain(key), depth: depth + 1, byName, isReason });
      }
    }
  }

  #readText(value: string, place: Place): void {
    const { name, depth, byName, isReason } = place;
    const text = value.slice(0, MAXIMUM_LENGTH).trim();
    if (text === '') return;
    const inner = jsonIn(text);
    if (inner !== undefined) {
      this.read(inner, { ...place, depth: depth + 1 });
      return;
    }
    const meaning = byName
      ? (meaningOf(name) ?? (isReason ? sentenceMeaning('', text) : undefined))
      : sentenceMeaning(name, text);
    // A place alone is no reason.
    if (meaning === undefined || (meaning === 'place' && this.all.length === 0)) return;
    if (SAID_ELSEWHERE.test(name) && text === String(this.status)) return;
    if (text === 'about:blank') return;
    this.#add(text, meaning);
  }

  #readNumber(value: number, { name, byName }: Place): void {
    if (!byName || meaningOf(name) !== 'code' || value === this.status) return;
    this.#add(String(value), 'code');
  }

  /** Adds a text, unless one before it says the same. Codes count also behind the words that are shown: they may decide. */
  #add(text: string, meaning: Meaning): void {
    if (meaning === 'code' && isCode(text) && this.codes.length < MAXIMUM_CODES) {
      this.codes.push(text);
    }
    if (this.all.length === MAXIMUM_WORDS) return;
    const form = comparable(text);
    if (this.#said.some((said) => said.includes(form))) return;
    this.all.push(text);
    this.#said.push(form);
  }
}

/** Members of an object of any size. */
function firstMembers(object: Readonly<Record<string, unknown>>): [string, unknown][] {
  const members: [string, unknown][] = [];
  for (const name in object) {
    members.push([name, object[name]]);
    if (members.length === MAXIMUM_MEMBERS) break;
  }
  return members;
}

/** A name in lower case and without signs: `error_description`, `ErrorCode`, `http-status`. */
function plain(name: string): string {
  return name
    .slice(0, 100)
    .toLowerCase()
    .replace(/^.*:/, '')
    .replace(/[^a-z]/g, '');
}

/** The name of a member of a list. */
function singular(name: string): string {
  return name.replace(/s$/, '');
}

function meaningOf(name: string): Meaning | undefined {
  return NAMES.find(([end]) => end.test(singular(name)))?.[1];
}

function sentenceMeaning(name: string, text: string): Meaning | undefined {
  return !NO_WORDS.test(name) && /\p{L}\s+\p{L}/u.test(text) ? 'text' : undefined;
}

function inOrder(members: [string, unknown][]): [string, unknown][] {
  const rank = ([name]: [string, unknown]) => {
    const meaning = meaningOf(plain(name));
    return meaning ? ORDER.indexOf(meaning) : ORDER.length;
  };
  return members.toSorted((one, other) => rank(one) - rank(other));
}

/** The object or list that a text holds as JSON. */
function jsonIn(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
