import { LimitedLog } from '../../nodes/OpenBankingRedirectTrigger/limitedLog';
import { until } from '../support/waiting';

const lines: string[] = [];
const write = (line: string) => void lines.push(line);
beforeEach(() => {
  lines.length = 0;
});

describe('the log of the trigger', () => {
  it('has the first warnings of each kind, and then one line with the number of the others', async () => {
    const log = new LimitedLog(100);
    for (let count = 1; count <= 1000; count++) log.warn('a', 'forged', `Forged ${count}`, write);
    log.warn('a', 'rare', 'Rare', write);
    expect(lines).toEqual(['Forged 1', 'Forged 2', 'Forged 3', 'Rare']);
    await until(() => lines.length > 4);
    expect(lines[4]).toBe('Further warnings of this trigger in the last minute: 997 × forged');
    log.warn('a', 'forged', 'Forged again', write);
    expect(lines.slice(5)).toEqual(['Forged again']);
  });

  it('has no further line if all warnings were written', async () => {
    const log = new LimitedLog(20);
    log.warn('a', 'rare', 'Rare', write);
    let isOver = false;
    setTimeout(() => (isOver = true), 40);
    await until(() => isOver);
    expect(lines).toEqual(['Rare']);
  });

  it('counts for each trigger, and for no more than 1,000 triggers', () => {
    const log = new LimitedLog();
    for (let trigger = 0; trigger <= 1000; trigger++) {
      for (let count = 0; count < 4; count++) log.warn(`${trigger}`, 'forged', 'Forged', write);
    }
    const [further, ...others] = lines.filter((line) => line !== 'Forged');
    expect(further).toMatch(/1 × forged$/);
    expect(others).toEqual([]);
    expect(lines).toHaveLength(1001 * 3 + 1);
  });

  it('has no line breaks and no other unseen characters in a line, which is at most 1,000 characters long', () => {
    new LimitedLog().warn('a', 'forged', `a\nb\u2028c\u202ed\u200be${'x'.repeat(1200)}`, write);
    expect(lines[0]).toMatch(/^a b c\[U\+202E\]d\[U\+200B\]ex+$/);
    expect(lines[0]).toHaveLength(1000);
  });
});
