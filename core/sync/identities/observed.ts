import { eachInPieces, type Pieces } from '../../lib/pieces';
import { Remarks } from '../../lib/remarks';
import { pendingRowsOf } from './bookings';
import { Digests } from './digests';
import { evidenceOf, type Evidence } from './evidence';
import type { Identity } from './facts';
import { repeatedId, sharedId } from './identitiesOf';
import type { KnownRow, KnownRows } from './knownRows';
import { matchesOf } from './matching';
import { newIdentities } from './newRows';
import type { AccountRead, GivenIdentity, Observation } from './observation';
import { ReadScope } from './readScope';
import { readRows, written, type RememberedRow } from './rowMemory';
import { distinct, unitsOf, type Unit } from './units';

/**
 * Compares a read of an account with the rows that are known of it, and gives each new row its ID. It changes nothing but what it returns.
 * The effort grows with the number of rows. A read without a row that can be read says nothing.
 *
 * @param accountKey part of the IDs that are not the bank's
 */
export function* observed(
  known: KnownRows,
  read: AccountRead,
  accountKey: string,
): Pieces<Observation> {
  const digests = new Digests(known.key);
  const all = yield* unitsOf(read.rows, digests);
  const given: (GivenIdentity | undefined)[] = new Array<undefined>(read.rows.length).fill(
    undefined,
  );
  if (all.length === 0) return { known, given, vanished: [], forgotten: [], remarks: [] };
  const remarks = new Remarks();
  const scope = new ReadScope(read, known);
  const rows = yield* readRows(known.rows);
  const isCovered = (row: RememberedRow) => scope.covers(row);
  const evidence = yield* evidenceOf(all, rows, isCovered, known);
  if (evidence.isLoose && !known.isLoose) remarks.add(IDS_CHANGE);
  const isTrusted = ({ shown }: Unit) => !evidence.isLoose && !evidence.isAmbiguous(shown.bankId);
  const { units, repeated } = yield* distinct(all, isTrusted, evidence.isReused);
  if (repeated > 0) remarks.count(repeatedId, repeated);
  const matches = yield* matchesOf(units, rows, evidence, read.awaited);
  const vanished: RememberedRow[] = [];
  const fresh: Unit[] = [];
  yield* eachInPieces(units, (unit) => {
    const row = matches.rows.get(unit);
    if (!row) {
      fresh.push(unit);
      return;
    }
    const { id, source } = row;
    const wasPending = row.state === 'pending';
    const hasChanged = wasPending && unit.shown.state === 'pending' && differs(row, unit);
    see(row, unit, evidence, scope, digests);
    if (wasPending && row.state === 'ended') vanished.push(row);
    const doubt = matches.doubtful.has(unit) ? { mayBeNew: true as const } : {};
    given[unit.index] = { row: row.row, id, source, isNew: false, ...doubt, hasChanged };
  });
  const taken = new Set<string>();
  const ended: RememberedRow[] = [];
  yield* eachInPieces(rows, (row) => {
    taken.add(row.id);
    if (row.isFound) return;
    if (scope.covers(row)) row.isAbsent = true;
    if (row.state === 'pending' && scope.ends(row)) ended.push(row);
  });
  const rules = { evidence, wasReused: known.isReused, taken };
  const identities = yield* newIdentities(fresh, read.rows, accountKey, rules);
  const booked: Unit[] = [];
  yield* eachInPieces(fresh, (unit) => {
    if (evidence.isShared(unit.shown.bankId)) remarks.count(sharedId);
    if (unit.shown.state === 'booked') booked.push(unit);
  });
  const origins = yield* pendingRowsOf(booked, ended, digests);
  const linked = new Set(origins.values());
  for (const row of ended) {
    row.state = 'ended';
    if (!linked.has(row)) vanished.push(row);
  }

  let { next } = known;
  const added: RememberedRow[] = [];
  yield* eachInPieces(fresh, (unit) => {
    const row = newRow(next++, unit, identities[unit.index]!, scope, digests);
    added.push(row);
    const { id, source } = row;
    const was = origins.get(unit);
    const origin = was ? { was: { row: was.row, id: was.id } } : {};
    const date = matches.rewritten.get(unit.shown.amount);
    const doubt = date === undefined ? {} : { mayBeOf: date };
    given[unit.index] = {
      ...{ row: row.row, id, source, isNew: true, hasChanged: false },
      ...{ ...origin, ...doubt },
    };
  });

  const forgotten: number[] = [];
  const kept: KnownRow[] = [];
  const keep = (row: RememberedRow) => {
    if (scope.forgets(row)) forgotten.push(row.row);
    else kept.push(written(row));
  };
  yield* eachInPieces(rows, keep);
  yield* eachInPieces(added, keep);
  const { isLoose, isReused } = evidence;
  const { key } = known;
  return {
    known: { key, next, days: scope.days, lastDay: scope.lastDay, isLoose, isReused, rows: kept },
    given,
    vanished: vanished.map(({ row, id }) => ({ row, id })),
    forgotten,
    remarks: remarks.texts,
  };
}

/** Whether a row that is not final changed. */
function differs(row: RememberedRow, { shown }: Unit): boolean {
  return row.day !== shown.day || row.lastText !== shown.text;
}

/** Takes what a read shows of a known row. */
function see(
  row: RememberedRow,
  { shown, row: facts }: Unit,
  { isLoose }: Evidence,
  scope: ReadScope,
  digests: Digests,
): void {
  row.seen = scope.days;
  row.isAbsent = false;
  row.day = shown.day;
  row.lastText = shown.text;
  if (shown.bankId !== '' && shown.bankId !== row.bankId) {
    row.isAdopted = !isLoose;
    row.bankId = shown.bankId;
  }
  if (row.reference === '') row.reference = shown.reference;
  // A booked row stays booked, whatever the bank says later.
  if (row.state === 'booked') return;
  const isOver = shown.state === 'other' && row.state !== 'other';
  row.state = isOver ? 'ended' : shown.state;
  if (row.state !== 'pending') return;
  row.likeness = digests.likeness(facts);
  row.since ||= scope.earliest(shown.day);
}

function newRow(
  row: number,
  { shown, row: facts }: Unit,
  { id, source }: Identity,
  scope: ReadScope,
  digests: Digests,
): RememberedRow {
  const { day, state, amount, bankId, reference, text } = shown;
  const isPending = state === 'pending';
  return {
    ...{ row, id, source, state, day, amount, bankId, reference, text, lastText: text },
    seen: scope.days,
    isFound: true,
    isAbsent: false,
    isAdopted: false,
    likeness: isPending ? digests.likeness(facts) : '',
    since: isPending ? scope.earliest(day) : '',
  };
}

const IDS_CHANGE =
  'The bank gave transactions other IDs than before. From now on, its IDs are not used for this account: transactions are recognized by day, amount, currency and reference.';
