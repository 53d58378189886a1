import fc from 'fast-check';
import { placed, type Change } from './change';

/** JSON with its members in the order in which they are written. It can have a member twice, and a member `__proto__`. */
export type Json = Members | Json[] | string | number | boolean | null | Raw;

/** An object as its members. */
export interface Members {
  readonly members: readonly (readonly [name: string, value: Json])[];
}

/** Text in the place of a value, which need not be JSON. */
interface Raw {
  readonly raw: string;
}

/** A value as {@link Json}. */
export function jsonOf(value: unknown): Json {
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object' || value === null) return value as Json;
  return { members: Object.entries(value).map(([name, member]) => [name, jsonOf(member)]) };
}

/** The text of {@link Json}. */
export function textOf(json: Json): string {
  if (Array.isArray(json)) return `[${json.map(textOf).join()}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  if ('raw' in json) return json.raw;
  const members = json.members.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`);
  return `{${members.join()}}`;
}

const nested = (levels: number, open: string, close: string): Raw => ({
  raw: `${open.repeat(levels)}1${close.repeat(levels)}`,
});

/** Values that no bank should send, and that some send. */
const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    ...([null, '', ' ', 0, -1, 1.5, true, false, [], [[]], '0', '-1', '1e9', 'null'] as Json[]),
    ...(['\0', '\ud800', '\u202e', '\ufeff', 'https://', 'http://[', 'toString'] as Json[]),
    { members: [] },
    { members: [['__proto__', { members: [['polluted', true]] }]] },
    { members: [['toString', 1]] },
    { raw: '1e999' },
    { raw: '-0' },
    { raw: '9'.repeat(400) },
    { raw: 'NaN' },
    { raw: '' },
    { raw: '"\\ud800\\u0000"' },
    { raw: '"\t"' },
    nested(30, '[', ']'),
    nested(30, '{"a":', '}'),
    nested(5000, '[', ']'),
    nested(2000, '{"a":', '}'),
    '9'.repeat(400),
    'x'.repeat(3000),
    'x'.repeat(70_000),
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.integer(),
  fc.double(),
);

const oddName = fc.constantFrom(
  ...['__proto__', 'constructor', 'toString', '', '\0', 'authorization', 'error', 'keys', 'kid'],
  ...['access_token', 'refresh_token', 'id_token', 'issuer', 'expires_at', 'x'.repeat(3000)],
);

/** Changes the value at a place: places are all values inside, objects and lists included, in the order in which they are written. */
function changedAt(json: Json, part: number, change: (value: Json) => Json): Json {
  let left = Math.floor(part * countOf(json));
  const visit = (value: Json): Json => {
    if (left-- === 0) return change(value);
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null || 'raw' in value) return value;
    return { members: value.members.map(([name, member]) => [name, visit(member)]) };
  };
  return visit(json);
}

function countOf(json: Json): number {
  const sum = (values: readonly Json[]) =>
    values.reduce<number>((count, value) => count + countOf(value), 1);
  if (Array.isArray(json)) return sum(json);
  if (typeof json !== 'object' || json === null || 'raw' in json) return 1;
  return sum(json.members.map(([, value]) => value));
}

/** Changes a list of members, or of elements, if there is an object or a list at the place. */
function changedList(
  json: Json,
  from: number,
  to: number,
  change: <Entry>(list: readonly Entry[], at: number) => Entry[],
): Json {
  return changedAt(json, from, (value) => {
    if (Array.isArray(value)) return change(value, Math.floor(to * value.length));
    if (typeof value !== 'object' || value === null || 'raw' in value) return value;
    return { members: change(value.members, Math.floor(to * value.members.length)) };
  });
}

const nothing = fc.constant(undefined);

/** Changes of JSON that leave it JSON, or nearly so. */
export const jsonChange: fc.Arbitrary<Change<Json>> = fc.oneof(
  {
    weight: 5,
    arbitrary: placed('a value replaced', oddValue, (json: Json, from, _to, value) =>
      changedAt(json, from, () => value),
    ),
  },
  placed('a value in a list', nothing, (json: Json, from) =>
    changedAt(json, from, (value) => [value]),
  ),
  placed('a value in an object', nothing, (json: Json, from) =>
    changedAt(json, from, (value) => ({ members: [['value', value]] })),
  ),
  placed('a value as text', nothing, (json: Json, from) =>
    changedAt(json, from, (value) => textOf(value)),
  ),
  placed('a member removed', nothing, (json: Json, from, to) =>
    changedList(json, from, to, (list, at) => list.toSpliced(at, 1)),
  ),
  placed('a member doubled', nothing, (json: Json, from, to) =>
    changedList(json, from, to, (list, at) => [...list, ...list.slice(at, at + 1)]),
  ),
  placed('members reversed', nothing, (json: Json, from, to) =>
    changedList(json, from, to, (list) => list.toReversed()),
  ),
  placed('a member added', fc.tuple(oddName, oddValue), (json: Json, from, _to, member) =>
    changedAt(json, from, (value) =>
      typeof value === 'object' && value !== null && 'members' in value
        ? { members: [...value.members, member] }
        : value,
    ),
  ),
  placed('a member renamed', oddName, (json: Json, from, to, name) =>
    changedAt(json, from, (value) =>
      typeof value === 'object' && value !== null && 'members' in value
        ? {
            members: value.members.map((member, index) =>
              index === Math.floor(to * value.members.length) ? [name, member[1]] : member,
            ),
          }
        : value,
    ),
  ),
);
