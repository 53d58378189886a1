import { isJsonObject } from '../../lib/json';
import type { RawRow } from './rawRow';

const NO_ROW: RawRow = {};

/** A member of a row that is an object. Of a list, it is the first entry: some banks send a list with one entry. */
export function objectIn(row: RawRow, name: string): RawRow {
  const member = row[name];
  if (isJsonObject(member)) return member;
  return Array.isArray(member) ? (listOf(member)[0] ?? NO_ROW) : NO_ROW;
}

/** The objects of a member that is a list. Some banks send one object in place of a list with one entry. */
export function objectsIn(row: RawRow, name: string): readonly RawRow[] {
  return listOf(row[name]);
}

function listOf(member: unknown): readonly RawRow[] {
  if (isJsonObject(member)) return [member];
  return Array.isArray(member) ? member.filter(isJsonObject) : [];
}
