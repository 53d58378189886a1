import { OpenBankingError } from '../errors/OpenBankingError';
import { isJsonObject, isNestedDeeper, isOfTexts } from '../lib/json';
import { counted, type Remarks } from '../lib/remarks';
import type { ApiAnswer } from './apiAnswer';
import { TOKEN_HIDDEN } from './echoedToken';
import { readJson, withExactNumbers, type ReadJson } from './exactJson';
import type { RawRow } from './simplified/rawRow';
import { describedMembers, notJson } from './unreadablePage';

/** The list in an answer: the name of its member in `Data`. */
export type ListMember = 'Account' | 'Balance' | 'Transaction';

/** The list that is requested. */
export interface AskedList {
  /** The path below the base address, segments encoded. */
  readonly path: string;
  readonly member: ListMember;
  /** Is called if rows are missing although the list ends. */
  readonly onGap?: () => void;
}

/** A page that was read. */
export interface ReadPage {
  readonly rows: readonly RawRow[];
  /** `Links.Next` as the bank sent it; `undefined` if it is absent, `null` or empty. */
  readonly next?: unknown;
  /** `Meta.TotalPages`, if it is a number. */
  readonly totalPages?: number;
}

/** Maximum rows of a page. A row of the standard has some hundred bytes, and a page 16 MiB, so an honest page has fewer. */
const MAXIMUM_ROWS = 50_000;

/** Levels of lists and objects in a row. n8n could not store a row that is nested very deep. */
const MAXIMUM_LEVELS = 100;

const NO_ROWS: ReadPage = { rows: [] };

/** The entries of an answer whose `Data` is `null` or an empty list. */
const NO_DATA: readonly unknown[] = [];

type Json = Record<string, unknown>;

/**
 * Reads a page: `Data`, `Links` and `Meta` (OBIE read-write profile, Common Payload Structure). `null` and empty values are absent, and one
 * object is a list of one. Names of members may be in other letter case.
 *
 * @throws OpenBankingError `data-missing`, `page-too-large`
 */
export function readPage(answer: ApiAnswer, asked: AskedList, remarks: Remarks): ReadPage {
  for (const remark of answer.remarks ?? []) remarks.add(remark);
  // It is how some banks end their pages, see `pagesOf`.
  if (answer.status === 204) return NO_ROWS;
  const json = jsonOf(answer, asked);
  if (!json) {
    remarks.count(emptyBodies);
    return NO_ROWS;
  }
  if (json.hadSecrets) remarks.add(TOKEN_HIDDEN);
  const content = json.value;
  if (!isJsonObject(content)) throw noData(answer, asked, 'Data', content);
  const list = listIn(content, answer, asked);
  if (list === NO_DATA) remarks.count(nullData);
  let rows = rowsIn(list);
  if (rows.length < list.length) {
    remarks.count(oddEntries, list.length - rows.length);
    asked.onGap?.();
  }
  if (rows.length > MAXIMUM_ROWS) {
    const values = { asked: asked.path, limit: MAXIMUM_ROWS.toLocaleString('en') };
    throw new OpenBankingError('page-too-large', { problem: 'rows', values });
  }
  if (!rows.every((row) => isOfTexts(row, MAXIMUM_LEVELS))) {
    const exact = withExactNumbers(json) as Json;
    if (exact !== content) {
      remarks.add(TEXT_NUMBERS);
      rows = rowsIn(listIn(exact, answer, asked));
    }
    assertNotNestedDeep(rows, asked);
  }
  const links = memberOf(content, 'Links');
  const next = isJsonObject(links) ? memberOf(links, 'Next') : undefined;
  const meta = memberOf(content, 'Meta');
  const total = isJsonObject(meta) ? Number(memberOf(meta, 'TotalPages') ?? NaN) : NaN;
  return {
    rows,
    ...(isAbsent(next) ? {} : { next }),
    ...(Number.isFinite(total) ? { totalPages: total } : {}),
  };
}

/** The JSON of an answer; `undefined` if its body is empty. */
function jsonOf(answer: ApiAnswer, asked: AskedList): ReadJson | undefined {
  const { body, headers, secrets, secretsInData = secrets } = answer;
  if (body.length === 0) return undefined;
  try {
    return readJson(body, headers['content-type'], secretsInData);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (isBlank(body)) return undefined;
    throw notJson(answer, asked.path);
  }
}

/** The entries of the list in an answer; {@link NO_DATA} if there is no object that could have one. */
function listIn(content: Json, answer: ApiAnswer, asked: AskedList): readonly unknown[] {
  const data = memberOf(content, 'Data');
  if (data === undefined) throw noData(answer, asked, 'Data', content);
  if (data === null || (Array.isArray(data) && data.length === 0)) return NO_DATA;
  if (!isJsonObject(data)) throw noData(answer, asked, 'Data', data);
  const list = memberOf(data, asked.member);
  if (isAbsent(list)) {
    // Without this, the data of another resource would look like no data.
    if (Object.values(data).some(isFilled))
      throw noData(answer, asked, `Data.${asked.member}`, data);
    return [];
  }
  if (isJsonObject(list)) return [list];
  if (!Array.isArray(list)) throw noData(answer, asked, `Data.${asked.member}`, data);
  return list;
}

/** The entries of a list that are objects. */
function rowsIn(list: readonly unknown[]): readonly RawRow[] {
  return list.every(isJsonObject) ? list : list.filter(isJsonObject);
}

/** @throws OpenBankingError `data-missing` */
function assertNotNestedDeep(rows: readonly RawRow[], { path }: AskedList): void {
  if (!rows.some((row) => isNestedDeeper(row, MAXIMUM_LEVELS))) return;
  const values = { asked: path, limit: MAXIMUM_LEVELS };
  throw new OpenBankingError('data-missing', { problem: 'tooDeep', values });
}

/** A member of an object, by its name or else by its name in other letter case; `undefined` if there is none. */
function memberOf(value: Json, name: string): unknown {
  if (Object.hasOwn(value, name)) return value[name];
  const lower = name.toLowerCase();
  const found = Object.keys(value).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : value[found];
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Whether a value is a list or object with something in it. */
function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Whether a body has only white space and zeros. */
function isBlank(body: Buffer): boolean {
  return body.length < 1000 && body.toString('utf8').replace(/[\s\0\ufeff]/g, '') === '';
}

function noData(
  { secrets = [] }: ApiAnswer,
  asked: AskedList,
  member: string,
  value: unknown,
): OpenBankingError {
  const values = { asked: asked.path, member, members: describedMembers(value, secrets) };
  return new OpenBankingError('data-missing', { problem: 'noData', values });
}

const TEXT_NUMBERS =
  'The bank sends numbers that would lose digits, for example "10.00". They come as text.';

const emptyBodies = (count: number) =>
  `In ${counted(count, 'answer')}, the bank gave an empty body instead of data. It is read as no rows.`;

const nullData = (count: number) =>
  `In ${counted(count, 'answer')}, the bank gave no object in "Data". It is read as no rows.`;

const oddEntries = (count: number) =>
  `In ${counted(count, 'row')}, the bank gave no object. Such a row is left out.`;
