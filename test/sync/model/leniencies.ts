import { contentOf } from './readings';
import { dayText, type Answer, type Shown, type Truth } from './world';

/**
 * Whether no reader could see a transaction that it has to hand over: a whole list that reached back to its day left it out, or showed it under
 * a day before the start, and then it was too old to be asked for.
 *
 * @param answers since it was booked
 * @param lastFrom the first day that was asked for in the last whole list
 */
export function slippedThrough(
  { number, day }: Truth,
  answers: readonly Answer[],
  { lastFrom, isEarly }: { readonly lastFrom: string; readonly isEarly: (day: string) => boolean },
): boolean {
  const date = dayText(day);
  const isShown = answers.some(({ rows }) =>
    rows.some((row) => row.number === number && row.status === 'booked' && !isEarly(row.day)),
  );
  if (isShown || date >= lastFrom) return false;
  return answers.some(({ isComplete, from }) => isComplete && from <= date);
}

/**
 * Whether a reader could tell a transaction by its ID: an answer shows it while each booked row has had one ID so far, and at least as many of
 * the known rows are there as are missing. If more are missing, the bank may have given them other IDs, as far as any reader can see.
 */
export function hadTrustedId(number: number, answers: readonly Answer[]): boolean {
  const known = new Map<number, Shown>();
  for (const { rows, isComplete, from } of answers) {
    const booked = rows.filter(({ status }) => status === 'booked');
    const kept = booked.filter((row) => known.has(row.number));
    if (kept.some((row) => known.get(row.number)!.id !== row.id)) return false;
    const shown = new Set(rows.map((row) => row.number));
    // The time zone of the bank may cut the first day.
    const missing = [...known.values()].filter((row) => row.day > from && !shown.has(row.number));
    const isTrusted = !isComplete || missing.length <= kept.length;
    if (isTrusted && booked.some((row) => row.number === number)) return true;
    for (const row of booked) known.set(row.number, row);
  }
  return false;
}

/**
 * Whether a transaction took the place of an equal one in the bank's answers: one that was shown before it is missing in each answer that shows
 * it. Without an ID that holds, such answers are those of a bank at which nothing happened: no reader can know that there are two.
 *
 * The other one may also be there under a day before the start, if it had the same text. Such answers are those of a bank at which it is what it
 * was, and a payment was booked late under a day that no reader has to hand over.
 */
export function wasNeverBesideItsTwins(
  number: number,
  answers: readonly Answer[],
  isEarly: (day: string) => boolean,
): boolean {
  const before = new Set<number>();
  let wasBeside = false;
  let wasShown = false;
  for (const [at, { rows }] of answers.entries()) {
    const own = rows.find((row) => row.number === number && row.status === 'booked');
    if (!own) {
      if (!wasShown) for (const row of rows) before.add(row.number);
      continue;
    }
    const content = contentOf(own);
    const twins = answers
      .slice(0, at)
      .flatMap((answer) => answer.rows)
      .filter(
        (row) => row.number !== number && contentOf(row) === content && before.has(row.number),
      );
    wasShown = true;
    const days = new Map(rows.map((row) => [row.number, row.day]));
    const isBeside = (twin: Shown) => {
      const day = days.get(twin.number);
      return day !== undefined && !(twin.text === own.text && isEarly(day));
    };
    wasBeside ||= twins.every(isBeside);
  }
  return wasShown && !wasBeside;
}

/**
 * Whether a transaction came under a day before the start, where an equal one was known, and no ID that holds says which of the two rows is the
 * new one. None of them has to be handed over then. If the bank dates one of them after the start later, it can be the known one.
 *
 * @param isTold whether a reader could tell it by its ID when it came
 */
export function wasLikeAnEarlierOne(
  number: number,
  answers: readonly Answer[],
  { isEarly, isTold }: { readonly isEarly: (day: string) => boolean; readonly isTold: boolean },
): boolean {
  const before: Shown[] = [];
  const ids = new Set<string | undefined>();
  let wasAlike = false;
  for (const { rows } of answers) {
    const own = rows.find((row) => row.number === number && row.status === 'booked');
    if (own) {
      ids.add(own.id);
      const isLike = (row: Shown) => contentOf(row) === contentOf(own);
      wasAlike ||= isEarly(own.day) && before.some(isLike);
    } else if (ids.size === 0) before.push(...rows);
  }
  return wasAlike && !(isTold && ids.size === 1);
}
