import { Matching } from './matching';
import {
  hadTrustedId,
  slippedThrough,
  wasLikeAnEarlierOne,
  wasNeverBesideItsTwins,
} from './leniencies';
import { contentOf, doubtsOf, type Doubt } from './readings';
import { dayText, type Answer, type World } from './world';

/** A transaction as the reader handed it over. */
export interface Delivery {
  readonly account: number;
  /** `transaction_id`. */
  readonly id: string;
  readonly day: string;
  readonly amount: string;
  /** Whether the execution succeeded, and whether the reader learned of it. */
  readonly end: 'failed' | 'succeeded' | 'succeeded, unreported';
}

/** Why a transaction came again. */
export type Kind = Doubt | 'account that cannot be recognized' | 'success that was not reported';

/** The outcome of the transactions of a history. */
export interface Judgement {
  /** Number of booked transactions that had to come. */
  readonly due: number;
  /** The faults, in words. */
  readonly lost: readonly string[];
  readonly repeated: readonly string[];
  readonly sharedIds: readonly string[];
  /** Transactions that came again although the bank's answers allowed it, by kind. */
  readonly allowed: ReadonlyMap<Kind, number>;
}

/** How the first run begins. */
export type Start = 'all' | 'now';

/** Judges what a reader handed over of the transactions of a bank. */
export function judged(world: World, deliveries: readonly Delivery[], start: Start): Judgement {
  const lost: string[] = [];
  const repeated: string[] = [];
  const sharedIds: string[] = [];
  const allowed = new Map<Kind, number>();
  let due = 0;
  const count = (kind: Kind) => allowed.set(kind, (allowed.get(kind) ?? 0) + 1);
  for (const account of world.accounts) {
    const answers = world.answers.filter(
      (answer) => answer.account === account.index && !world.unseen.has(answer),
    );
    const stored = answers.filter((answer) => !world.perhapsUnseen.has(answer));
    const own = deliveries.filter((delivery) => delivery.account === account.index);
    const name = (text: string) => `account ${account.index}: ${text}`;
    const shownBy = numbersByContent(answers);
    const choicesOf = ({ day, amount }: Delivery) => shownBy.get(contentOf({ day, amount })) ?? [];

    const choicesOfId = new Map<string, readonly number[]>();
    for (const delivery of own) {
      const before = choicesOfId.get(delivery.id);
      const choices = choicesOf(delivery);
      const common = before ? before.filter((number) => choices.includes(number)) : choices;
      if (common.length === 0) sharedIds.push(name(`${delivery.id} names two transactions`));
      choicesOfId.set(delivery.id, common);
    }

    const beginning = world.beginnings.get(account.index);
    const { day: firstDay, found } = beginning ?? { day: '', found: new Set<number>() };
    const baseline = new Set(start === 'now' ? found : []);
    const isTold = (number: number) =>
      account.plan.ids === 'unique' &&
      [answers, stored].every((known) => hadTrustedId(number, known));
    const isEarly = (date: string) => start === 'now' && date < firstDay;
    const isHidden = (number: number) =>
      [answers, stored].some((known) => wasNeverBesideItsTwins(number, known, isEarly));
    const required = account.truths.filter((truth) => {
      const { number, state, day } = truth;
      if (state !== 'booked' || baseline.has(number)) return false;
      const lastFrom = world.lastFrom.get(account.index) ?? '';
      const mayRead = (known: readonly Answer[]) => {
        const since = known.filter(
          (answer) => world.answers.indexOf(answer) >= truth.answersBefore,
        );
        return slippedThrough(truth, since, { lastFrom, isEarly });
      };
      if ([answers, stored].some(mayRead)) return false;
      if (!isTold(number) && isHidden(number)) return false;
      const mayBeOther = (known: readonly Answer[]) =>
        wasLikeAnEarlierOne(number, known, { isEarly, isTold: isTold(number) });
      if ([answers, stored].some(mayBeOther)) return false;
      if (start === 'all') return true;
      const first = dayText(Math.min(day, truth.bookedOn));
      // Without a whole first list, nobody knows which rows of that day were there before.
      return first > firstDay || (first === firstDay && found.size > 0);
    });
    due += required.length;
    const succeeded = own.filter(({ end }) => end !== 'failed');
    const ids = [...new Set(succeeded.map(({ id }) => id))];
    // If a row is dated anew, and another one then has its former content, the answers show one more row of this amount, and nothing but an
    // ID says which of the two is the new payment: a reader that hands over either of them has handed over the payment.
    const twins = areTwins(shownBy);
    const byId = new Matching(
      required.map(({ number }) => {
        const mayBe = isTold(number)
          ? (choice: number) => choice === number
          : (choice: number) => choice === number || twins(choice, number);
        return ids.flatMap((id, index) => (choicesOfId.get(id)!.some(mayBe) ? [index] : []));
      }),
    );
    for (const index of byId.give(
      required.map((_, at) => at),
      () => 1,
    )) {
      const { number, day, amount } = required[index]!;
      lost.push(name(`transaction ${number} of ${dayText(day)}, ${amount}`));
    }

    const counted: Delivery[] = [];
    const unreported = new Set<string>();
    for (const delivery of succeeded) {
      if (unreported.delete(delivery.id)) count('success that was not reported');
      else counted.push(delivery);
      if (delivery.end === 'succeeded, unreported') unreported.add(delivery.id);
    }
    const holdsIds = account.plan.ids === 'unique' || account.plan.ids === 'none';
    const doubts: Map<number, Kind[]> = doubtsOf(answers, holdsIds);
    for (const [number, kinds] of doubtsOf(stored, holdsIds)) {
      if (kinds.length > (doubts.get(number)?.length ?? 0)) doubts.set(number, kinds);
    }
    if (!account.plan.isIdentified) addStrangers(doubts, world, answers);
    const room = (number: number) => (baseline.has(number) ? 0 : 1);
    const more = (number: number) => room(number) + (doubts.get(number)?.length ?? 0);
    const matching = new Matching(counted.map(choicesOf));
    const again = matching.give(
      counted.map((_, index) => index),
      room,
    );
    for (const index of matching.give(again, more)) {
      const { id, day, amount } = counted[index]!;
      repeated.push(name(`${id} of ${day}, ${amount}`));
    }
    for (const [number, held] of matching.given) {
      doubts
        .get(number)
        ?.slice(0, held.length - room(number))
        .forEach(count);
    }
  }
  return { due, lost, repeated, sharedIds, allowed };
}

/** All rows of an account come again if it cannot be recognized after a renewal. */
function addStrangers(
  doubts: Map<number, Kind[]>,
  { strangers, answers: all }: World,
  answers: readonly Answer[],
): void {
  for (const before of strangers) {
    const shown = answers.filter((answer) => all.indexOf(answer) < before);
    for (const number of new Set(shown.flatMap(({ rows }) => rows.map((row) => row.number)))) {
      doubts.set(number, [...(doubts.get(number) ?? []), 'account that cannot be recognized']);
    }
  }
}

/** Whether two transactions were ever shown with the same content. */
function areTwins(
  shownBy: ReadonlyMap<string, readonly number[]>,
): (one: number, other: number) => boolean {
  const groups = [...shownBy.values()];
  return (one, other) => groups.some((group) => group.includes(one) && group.includes(other));
}

/** The hidden numbers of the transactions that were ever shown with a content. */
function numbersByContent(answers: readonly Answer[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const { rows } of answers) {
    for (const row of rows) {
      const content = contentOf(row);
      const known = numbers.get(content) ?? [];
      if (!known.includes(row.number)) numbers.set(content, [...known, row.number]);
    }
  }
  return numbers;
}
