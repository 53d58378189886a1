import type { Answer, Shown } from './world';

/** Why the answers of a bank allow two readings: that a row came again, or that another transaction was booked. */
export type Doubt =
  | 'another date, and no ID that stays'
  | 'another ID for a few rows'
  | 'missing in one answer, and no ID that stays'
  | 'changed IDs in a list that is not whole'
  | 'replaced by an equal row'
  | 'one ID for equal rows, which later names others, too'
  | 'first ID of a row, and an equal new row';

/** All that makes rows equal which have no ID. Texts do not. */
export function contentOf({ day, amount }: Pick<Shown, 'day' | 'amount'>): string {
  return `${day} ${amount}`;
}

/** An ID is one of the bank's only together with the amount. */
function nameOf({ id, amount }: Shown): string {
  return `${id} ${amount}`;
}

/** The known facts of an account, from its earlier answers. */
interface Seen {
  row: Shown;
  /** Its texts in the first answer and in the last one. */
  texts: readonly string[];
  /** Whether a whole list lacked it since. */
  wasLeftOut: boolean;
  /** Whether the last whole list that reached back to it lacked it. */
  isGone: boolean;
}

/**
 * For each transaction, the moments at which an answer allowed two readings of it. The rules know the transactions behind the rows, and
 * nothing of how the product compares them.
 *
 * @param answers of one account, in their order
 * @param holdsIds whether the bank has one ID for each transaction
 */
export function doubtsOf(answers: readonly Answer[], holdsIds: boolean): Map<number, Doubt[]> {
  const doubts = new Map<number, Doubt[]>();
  const seen = new Map<number, Seen>();
  /** The amounts that each ID had. */
  const amounts = new Map<string, string>();
  let isLoose = false;
  /** Whether a careful reader may no longer trust the IDs. */
  let isDoubtful = !holdsIds;
  const add = (number: number, doubt: Doubt) =>
    doubts.set(number, [...(doubts.get(number) ?? []), doubt]);
  for (const { rows, isComplete, from } of answers) {
    for (const number of takenForOne(rows, amounts)) {
      add(number, 'one ID for equal rows, which later names others, too');
    }
    const again = rows.flatMap((row) => {
      const before = seen.get(row.number);
      return before ? [{ row, before }] : [];
    });
    const isMoved = ({ row, before }: (typeof again)[number]) =>
      before.row.status === 'booked' &&
      row.id !== undefined &&
      before.row.id !== undefined &&
      row.id !== before.row.id;
    // Only a row of equal content can be seen to have another ID, and only if its former ID is not there any more.
    const present = new Set(rows.map(nameOf));
    const isSeenMoved = (one: (typeof again)[number]) =>
      isMoved(one) &&
      contentOf(one.row) === contentOf(one.before.row) &&
      !present.has(nameOf(one.before.row));
    // Pending rows prove nothing. The time zone of the bank may cut the first day. A row that was gone before may be gone for good.
    const within = [...seen.values()].filter(
      ({ row, isGone }) =>
        row.status === 'booked' &&
        row.id !== undefined &&
        row.day > from &&
        (!isGone || present.has(nameOf(row))),
    );
    const moved = again.filter((one) => isSeenMoved(one) && within.includes(one.before)).length;
    const areMostMoved = isComplete && moved * 2 > within.length;
    let isProven = false;
    for (const { id, amount, status } of rows) {
      if (id === undefined || status !== 'booked') continue;
      isProven ||= (amounts.get(id) ?? amount) !== amount;
      amounts.set(id, amount);
    }
    // One answer is enough to see that IDs moved, and the next ones are read with that in mind.
    const isLooseNow: boolean = isLoose || areMostMoved || isProven;
    const kept = again.filter(
      ({ row, before }) =>
        before.row.status === 'booked' && row.id !== undefined && row.id === before.row.id,
    ).length;
    const gone = within.filter(({ row }) => !present.has(nameOf(row))).length;
    isDoubtful ||= isLooseNow || again.filter(isSeenMoved).length > kept;
    isDoubtful ||= isComplete && moved > 0 && gone > kept;
    const known = new Set([...seen.values()].map(({ row }) => nameOf(row)));
    for (const one of again) {
      const { row, before } = one;
      if (isReplaced(one, rows, known)) {
        add(row.number, 'replaced by an equal row');
      }
      const isNamed = row.id !== undefined && before.row.id === undefined;
      const isLike = (other: Shown) =>
        !seen.has(other.number) && contentOf(other) === contentOf(row);
      // Each of them can be the known one, whatever becomes of them under their IDs.
      if (isNamed && rows.some(isLike)) {
        add(row.number, 'first ID of a row, and an equal new row');
      }
      const hasItsId = row.id !== undefined && row.id === before.row.id && !isDoubtful;
      if (hasItsId) continue;
      if (contentOf(row) !== contentOf(before.row)) {
        if (row.status === 'booked') add(row.number, 'another date, and no ID that stays');
        continue;
      }
      if (isMoved(one) && !(isComplete ? isLooseNow : isLoose)) {
        add(
          row.number,
          isComplete ? 'another ID for a few rows' : 'changed IDs in a list that is not whole',
        );
      }
      const equals = [...seen.values()].filter((other) => contentOf(other.row) === contentOf(row));
      if (equals.some(({ wasLeftOut }) => wasLeftOut)) {
        add(row.number, 'missing in one answer, and no ID that stays');
      }
    }
    const numbers = new Set(rows.map(({ number }) => number));
    for (const [number, one] of seen) {
      if (isComplete && !numbers.has(number) && one.row.day >= from) {
        one.wasLeftOut = true;
        one.isGone = true;
      }
    }
    for (const row of rows) {
      const before = seen.get(row.number);
      const wasLeftOut = before?.wasLeftOut ?? false;
      const [first = row.text] = before?.texts ?? [];
      seen.set(row.number, { row, texts: [first, row.text], wasLeftOut, isGone: false });
    }
    isLoose = isLooseNow;
  }
  return doubts;
}

/**
 * Whether an answer shows the ID of a row at another text, and the former day, amount and text of the row under an ID that was never there. All
 * that a reader has are these two rows and the former one: a bank that moved the ID of the row to a new payment, and one that changed the row
 * and booked an equal payment, give the same answers.
 *
 * @param known the IDs and amounts of earlier answers
 */
function isReplaced(
  { row, before }: { row: Shown; before: Seen },
  rows: readonly Shown[],
  known: ReadonlySet<string>,
): boolean {
  const { id, status, text } = row;
  if (id === undefined || before.row.id !== id || status !== 'booked') return false;
  if (before.texts.includes(text)) return false;
  return rows.some(
    (other) =>
      other.id !== undefined &&
      !known.has(nameOf(other)) &&
      contentOf(other) === contentOf(before.row) &&
      before.texts.includes(other.text),
  );
}

/**
 * Rows of which a careful reader takes several for one: they have ID, day and amount in common, and the ID never named another amount. Two
 * payments look the same as one that the bank sent twice, which shifted pages do. If the ID names others later, the second row is new.
 *
 * @param amounts that each ID had in earlier answers
 */
function takenForOne(rows: readonly Shown[], amounts: ReadonlyMap<string, string>): number[] {
  const named = rows.filter(({ id, status }) => id !== undefined && status === 'booked');
  return named
    .filter((row) => {
      const { id, amount, number } = row;
      const others = named.filter((other) => other.id === id && other.number !== number);
      const all = [...others.map((other) => other.amount), amounts.get(id!) ?? amount];
      const isTwice = others.some((other) => contentOf(other) === contentOf(row));
      return isTwice && all.every((one) => one === amount);
    })
    .map(({ number }) => number);
}
