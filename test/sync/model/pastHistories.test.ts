import type { AccountPlan, History, Step } from './history';
import { judged } from './judgement';
import { play } from './reads';
import { Place, SubscriptionReader } from './subscriptionReader';
import { World } from './world';

let place: Place;
beforeAll(async () => (place = await Place.open()));
afterAll(() => place.close());

/** An account that gives IDs, or none. */
const account = (ids: AccountPlan['ids']): AccountPlan => ({ ids, isIdentified: true });

const book = (amount: number, back = 0): Step => ({
  do: 'book',
  at: 0,
  amount,
  back,
  first: false,
});
const reDate = (pick: number, by: number): Step => ({ do: 're-date', at: 0, pick, by });
const renumber = (all: boolean): Step => ({ do: 'renumber', at: 0, all });
const bookEqual = (pick: number): Step => ({ do: 'book an equal one', at: 0, pick });
const leaveOut = (pick: number): Step => ({ do: 'slip', at: 0, pick, how: 'left out' });
const reserve = (amount: number, ahead: number): Step => ({ do: 'reserve', at: 0, amount, ahead });
const beginIds: Step = { do: 'begin to give IDs', at: 0 };
const longWait: Step = { do: 'wait', hours: 24 * 60 };
const poll: Step = { do: 'poll', by: 0, end: 'success' };
const dyingPoll: Step = { do: 'poll', by: 0, end: 'success', dies: 11 };

/** The histories, each with how it begins, how the account gives IDs, and its steps. */
const HISTORIES: [string, History['start'], AccountPlan['ids'], Step[]][] = [
  [
    'the first answer dies with its process, and the second one lacks a row that later ones do not reach',
    'all',
    'none',
    [longWait, dyingPoll, { do: 'wait', hours: 7 }, leaveOut(0), poll, book(0, 1)],
  ],
  [
    'all answers after the first one are empty, and the first one lacks a row',
    'all',
    'unique',
    [leaveOut(1), longWait, poll],
  ],
  [
    'a payment comes under a day before the start, and is dated after it',
    'now',
    'unique',
    [poll, book(0, 1), poll, book(0), reDate(1, 2), poll, renumber(true)],
  ],
  [
    'a payment comes under a day before the start, and is dated after it when no answer reaches it',
    'now',
    'none',
    [poll, book(2, 1), longWait, poll, reDate(0, 2)],
  ],
  [
    'all IDs change, and a payment equals one that is dated before the start',
    'now',
    'unique',
    [book(0), poll, renumber(true), bookEqual(0), reDate(1, -3), poll],
  ],
  [
    'a payment takes the day of one that is left out and dated before the start',
    'now',
    'none',
    [book(0), poll, reDate(0, -3), book(0), leaveOut(3), poll],
  ],
  [
    'a payment equals one from before the start, all IDs change, and one of the two is dated after the start',
    'now',
    'unique',
    [poll, bookEqual(0), poll, renumber(false), poll, book(0), reDate(1, 1)],
  ],
  [
    'the IDs begin beside two equal payments from before the start, and one of the two is dated after the start',
    'now',
    'none',
    [poll, bookEqual(0), beginIds, poll, reDate(1, 1)],
  ],
  [
    'the IDs of the last day change, and one of its rows was left out before',
    'all',
    'unique',
    [
      longWait,
      book(1),
      poll,
      { do: 'wait', hours: 30 },
      book(0, 5),
      book(0, 1),
      leaveOut(1),
      poll,
      renumber(false),
    ],
  ],
  [
    'a list that is cut shows a pending row in place of a booked one',
    'all',
    'none',
    [
      ...[book(2), poll, reserve(2, 0), reserve(2, 1)],
      ...[{ do: 'slip', at: 0, pick: 0, how: 'broken' } as const, reserve(3, 6), poll],
      { do: 'settle', at: 0, pick: 2, keepsId: false, amount: 'same' },
    ],
  ],
];

it.each(HISTORIES)(
  'nothing is lost or repeated against the rules if %s',
  async (_, start, ids, steps) => {
    const history = {
      ...{ accounts: [account(ids)], start, steps },
      ...{ withPending: false, pageSize: 3, maximumRows: 2 },
    };
    const world = new World(history);
    const reader = new SubscriptionReader(place, world, history);
    await play(world, reader, history);
    const { lost, repeated, sharedIds } = judged(world, reader.deliveries, start);
    expect({ lost, repeated, sharedIds }).toEqual({ lost: [], repeated: [], sharedIds: [] });
  },
);
