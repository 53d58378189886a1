import type { Arrival } from './arrivals';
import { verdictOf, type Kill } from './verdict';

/** An arrival of the transaction `a` in a workflow `feed`. */
function arrival(at: number, more: Partial<Arrival> = {}): Arrival {
  const usual = { workflow: 'feed', execution: String(at), key: 'a', marking: null, done: null };
  return { ...usual, at, ...more };
}

function kill(at: number, settled: string[] = []): Kill {
  return { at, lastExecution: at, settled: new Map([['feed', new Set(settled)]]) };
}

const judge = (arrivals: Arrival[], kills: Kill[] = [], booked = ['a']) =>
  verdictOf(arrivals, 'feed', booked, kills);

const nothing = {
  ...{ received: 0, lost: [], repeated: 0 },
  ...{ afterSuccess: [], overlapping: 0, wrong: [], unnoted: [], unknown: [] },
};

describe('verdict on the transactions of a workflow', () => {
  it('counts what came to the end of an execution as received', () => {
    expect(judge([arrival(1, { done: 2 })])).toEqual({ ...nothing, received: 1 });
  });

  it('counts what arrived and came to no end as lost', () => {
    expect(judge([arrival(1)], [kill(2)])).toEqual({ ...nothing, lost: ['a'] });
  });

  it('counts what another workflow received as lost', () => {
    expect(judge([arrival(1, { workflow: 'other', done: 2 })])).toEqual({
      ...nothing,
      lost: ['a'],
    });
  });

  it('counts a mark that the store has and that no execution could note as received', () => {
    expect(judge([arrival(1, { marking: 2 })], [kill(3, ['a'])])).toEqual({
      ...{ ...nothing, received: 1, unnoted: ['a'] },
    });
  });

  it('counts a mark that the store does not have as lost', () => {
    expect(judge([arrival(1, { marking: 2 })], [kill(3)])).toEqual({ ...nothing, lost: ['a'] });
  });

  it('counts what the store has as processed, although nothing marked it, as lost', () => {
    expect(judge([arrival(1)], [kill(3, ['a'])])).toEqual({ ...nothing, lost: ['a'] });
  });

  it('a repeated transaction of a killed execution is not after success', () => {
    expect(judge([arrival(1), arrival(3, { done: 4 })], [kill(2)])).toEqual({
      ...{ ...nothing, received: 1, repeated: 1 },
    });
  });

  it('a transaction may come again after its execution if a kill was between both arrivals', () => {
    const arrivals = [arrival(1, { done: 2 }), arrival(4, { done: 5 })];
    const repeated = { ...nothing, received: 1, repeated: 1, afterSuccess: ['a'] };
    expect(judge(arrivals, [kill(3)])).toEqual(repeated);
    expect(judge(arrivals)).toEqual({ ...repeated, wrong: ['a'] });
  });

  it('a transaction must not come again after the store had it as processed', () => {
    expect(judge([arrival(1, { done: 2 }), arrival(4)], [kill(3, ['a'])])).toEqual({
      ...{ ...nothing, received: 1, repeated: 1, afterSuccess: ['a'], wrong: ['a'] },
    });
  });

  it('does not blame the trigger for an execution that n8n had created before a kill and runs after it', () => {
    const ranLater = arrival(3, { execution: '1', done: 4 });
    const overlapping = { ...nothing, received: 1, repeated: 1, overlapping: 1 };
    expect(judge([ranLater, arrival(5, { done: 6 })], [kill(2)])).toEqual(overlapping);
    expect(judge([arrival(3, { done: 4 }), { ...ranLater, at: 5 }], [kill(2)])).toEqual(
      overlapping,
    );
    expect(judge([ranLater, arrival(8)], [kill(2), kill(7, ['a'])])).toMatchObject({
      ...{ wrong: ['a'], overlapping: 0 },
    });
  });

  it('names arrivals under an ID that the bank does not have', () => {
    expect(judge([arrival(1, { done: 2 })], [], [])).toEqual({
      ...{ ...nothing, received: 1, unknown: ['a'] },
    });
  });
});
