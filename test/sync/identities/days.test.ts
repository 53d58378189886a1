import { amounting, nameless, row } from '../../accounts/simplified/rows';
import { on, Reader, type ReadOptions } from './reader';

/** A day of 2026 by its number, from 1 January on. */
function day(number: number): string {
  return new Date(Date.UTC(2026, 0, number)).toISOString().slice(0, 10);
}

/** A read on a day that reaches back a number of days. */
function back(today: number, days: number): ReadOptions {
  return { today: day(today), from: day(today - days) };
}

describe('pages that shift while they are read', () => {
  const numbered = (number: number) => amounting(`${number}.00`, { TransactionId: `T${number}` });

  it('make no row twice', () => {
    const reader = new Reader();
    const [one, two, three, four, five] = [1, 2, 3, 4, 5].map(numbered) as [
      object,
      object,
      object,
      object,
      object,
    ];
    const rows = [four, three, three, two, one] as Parameters<Reader['hand']>[0];
    expect(reader.amounts(rows)).toEqual(['-4', '-3', '-2', '-1']);
    expect(reader.amounts([five, ...rows] as typeof rows)).toEqual(['-5']);
  });

  it('lose no row that slipped through between two others', () => {
    const reader = new Reader();
    const waits = row({ TransactionId: 'P', Status: 'Pending' });
    reader.hand([waits, numbered(4), numbered(2), numbered(1)]);
    expect(reader.amounts([4, 3, 2, 1].map(numbered))).toEqual(['-3']);
  });

  it('hand over an equal row without an ID twice at most, and later ones still', () => {
    const reader = new Reader();
    const first = reader.hand([nameless(), nameless()]);
    expect(reader.hand([nameless()])).toEqual([]);
    const second = reader.hand([nameless(), nameless({ TransactionInformation: 'SHOP 12' })]);
    expect([first, second]).toMatchObject([{ length: 2 }, { length: 1 }]);
  });
});

describe('dates', () => {
  it.each([undefined, null, '', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '02-Mar-26'])(
    'hand over a row once if its date cannot be used: %j',
    (BookingDateTime) => {
      for (const TransactionId of ['T7', undefined]) {
        const reader = new Reader();
        const rows = [row({ BookingDateTime, TransactionId }), amounting('1.00')];
        expect(reader.hand(rows)).toHaveLength(2);
        expect(reader.hand(rows)).toEqual([]);
        expect(reader.hand(rows, back(70, 60))).toEqual([]);
      }
    },
  );

  it('in another form are the same day', () => {
    const reader = new Reader();
    reader.hand([nameless({ BookingDateTime: '2026-03-02' })]);
    for (const time of ['T10:00:00', 'T10:00:00+0000', ' 10:00:00Z', 'T23:59:59.1234567Z']) {
      expect(reader.hand([nameless({ BookingDateTime: `2026-03-02${time}` })])).toEqual([]);
    }
  });

  it('may be in the future: rows of earlier days still come', () => {
    const reader = new Reader();
    const waits = row({ TransactionId: 'P', Status: 'Pending', ...on('2026-03-09') });
    const early = { today: '2026-03-02', from: '2026-02-22' };
    expect(reader.amounts([amounting('1.00'), waits], early)).toEqual(['-1']);
    const late = { today: '2026-03-03', from: '2026-02-23' };
    const rows = [amounting('1.00'), waits, amounting('2.00', { TransactionId: 'T2' })];
    expect(reader.amounts(rows, late)).toEqual(['-2']);
  });

  it('may be an expected one: the row may be booked before it', () => {
    const reader = new Reader();
    const waits = row({ TransactionId: 'P', Status: 'Pending', ...on('2026-03-09') });
    reader.hand([waits], { today: '2026-03-02', from: '2026-02-22' });
    const booked = row({ TransactionId: 'B', ...on('2026-03-04') });
    expect(reader.hand([booked], { today: '2026-03-05', from: '2026-02-22' })).toMatchObject([
      { was: 'P' },
    ]);
  });

  it('do not make a row with an ID new, neither back nor forth', () => {
    const reader = new Reader();
    reader.hand([row({ ...on('2026-03-01') }), amounting('1.00', { TransactionId: 'T2' })]);
    for (const date of ['2026-03-09', '2026-02-25', '2026-03-05']) {
      const rows = [row({ ...on(date) }), amounting('1.00', { TransactionId: 'T2' })];
      expect(reader.hand(rows)).toEqual([]);
      expect(reader.lookUp(rows)).toEqual(['T1', 'T2']);
    }
  });

  it('make a row with a short number for an ID new: the number may begin again each day', () => {
    const reader = new Reader();
    const dated = (date: string) => row({ TransactionId: '4711', ...on(date) });
    reader.hand([dated('2026-03-01')]);
    expect(reader.hand([dated('2026-03-09')])).toMatchObject([{ day: '2026-03-09' }]);
    expect(reader.hand([dated('2026-03-01'), dated('2026-03-09')])).toEqual([]);
  });

  it('do not make a row new whose ID and text stay, although other IDs changed', () => {
    const reader = new Reader();
    const numbered = (letter: string, at: number) =>
      amounting(`${at}.00`, { TransactionId: `${letter}${at}` });
    reader.hand([row(), numbered('A', 1), numbered('A', 2)]);
    const later = [numbered('B', 1), numbered('B', 2), row(on('2026-03-05'))];
    expect(reader.hand(later)).toEqual([]);
    expect(reader.hand([numbered('C', 1), numbered('C', 2), row(on('2026-03-07'))])).toEqual([]);
  });

  it('do not make a row new that was left out and then has day and text of another one, whose own text changed', () => {
    const reader = new Reader();
    const other = amounting('1.00', { TransactionId: 'T2' });
    reader.hand([row(on('2026-03-05')), other]);
    const twin = row({ TransactionId: 'T3' });
    expect(reader.hand([twin, other])).toMatchObject([{ id: 'T3' }]);
    const rewritten = row({ TransactionId: 'T3', TransactionInformation: 'SHOP 11, London' });
    for (const rows of [
      [row(), rewritten, other],
      [rewritten, row(), other],
    ]) {
      expect(reader.hand(rows)).toEqual([]);
      expect(reader.lookUp([row(), rewritten])).toEqual(['T1', 'T3']);
    }
  });

  it('make a row without an ID new: it comes again rather than never', () => {
    const reader = new Reader();
    const [before] = reader.hand([nameless(on('2026-03-01'))]);
    const [after] = reader.hand([nameless(on('2026-03-09'))]);
    expect(after!.id).not.toBe(before!.id);
  });

  it('may be early: a wide read shows a row that is dated before the window', () => {
    const reader = new Reader();
    const late = row({ TransactionId: 'T2', ...on(day(68)) });
    reader.hand([row(on(day(79)))], back(79, 7));
    expect(reader.hand([row(on(day(79))), late], back(80, 45))).toMatchObject([{ id: 'T2' }]);
  });
});

describe('forgetting', () => {
  const old = nameless({ ...on(day(1)), TransactionInformation: 'old' });
  const fresh = (today: number) =>
    amounting('1.00', { TransactionId: `F${today}`, ...on(day(today)) });

  /** Reads on each day of a range, with the numbers of the rows that were forgotten, by day. */
  function forgottenBy(reader: Reader, first: number, last: number, days: number, complete = true) {
    const found: number[] = [];
    for (let today = first; today <= last; today++) {
      const options = { ...back(today, days), isComplete: complete };
      const { forgotten } = reader.observe([fresh(today)], options);
      if (forgotten.includes(1)) found.push(today);
    }
    return found;
  }

  it('waits until twice the widest reach has passed since a row was last seen', () => {
    const reader = new Reader();
    const [first] = reader.observe([old], back(1, 45)).given;
    expect(first!.row).toBe(1);
    reader.observe([old], back(40, 45));
    expect(forgottenBy(reader, 41, 140, 45)).toEqual([40 + 90]);
  });

  it('counts each day once, and only days with a complete and wide read', () => {
    const reader = new Reader();
    reader.observe([old], back(1, 45));
    for (let read = 0; read < 100; read++) reader.observe([fresh(2)], back(2, 45));
    expect(forgottenBy(reader, 3, 100, 14)).toEqual([]);
    expect(forgottenBy(reader, 101, 200, 45, false)).toEqual([]);
    expect(forgottenBy(reader, 201, 300, 45)).toEqual([201 + 88]);
  });

  it('keeps a row whose date the bank changed', () => {
    const reader = new Reader();
    const dated = (number: number) => row({ TransactionId: 'T1', ...on(day(number)) });
    expect(reader.hand([dated(1)], back(1, 45))).toHaveLength(1);
    for (let today = 2; today <= 200; today++) {
      expect(reader.hand([dated(today - 1)], back(today, 45))).toEqual([]);
    }
  });

  it('does not begin if a clock was wrong once', () => {
    const reader = new Reader();
    reader.observe([old], back(1, 45));
    reader.observe([fresh(5000)], back(5000, 45));
    expect(forgottenBy(reader, 2, 60, 45)).toEqual([]);
    expect(forgottenBy(reader, 61, 100, 45)).toEqual([91]);
  });

  it('never comes of an empty or unreadable answer', () => {
    const reader = new Reader();
    reader.observe([old], back(1, 45));
    const before = JSON.stringify(reader.known);
    for (const rows of [[], [amounting('x')], [amounting('1', { CreditDebitIndicator: 'x' })]]) {
      const { vanished, forgotten } = reader.observe(rows, back(400, 45));
      expect([vanished, forgotten]).toEqual([[], []]);
    }
    expect(JSON.stringify(reader.known)).toBe(before);
    expect(reader.hand([old], back(2, 45))).toHaveLength(1);
  });

  it('keeps the memory of an account at the size of its rows of three times the widest reach', () => {
    const reader = new Reader();
    for (let today = 1; today <= 150; today++) {
      const rows = Array.from({ length: 10 }, (_, at) => fresh(today - at));
      reader.observe(rows, { ...back(today, 10), wideDays: 10 });
    }
    expect(reader.known.rows.length).toBeLessThan(32);
  });
});
