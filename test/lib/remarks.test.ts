import { Remarks } from '../../core/lib/remarks';

describe('remarks', () => {
  it('come once each, and those with a number last', () => {
    const remarks = new Remarks();
    const rows = (count: number) => `${count} rows`;
    remarks.count(rows);
    remarks.add('a');
    remarks.count(rows, 2);
    remarks.add('a');
    expect(remarks.texts).toEqual(['a', '3 rows']);
  });

  it('are the first fifty texts, and a sentence if there are more', () => {
    const remarks = new Remarks();
    for (let at = 1; at <= 50; at++) remarks.add(`text ${at}`);
    remarks.add('text 1');
    expect(remarks.texts).toHaveLength(50);
    for (let at = 51; at <= 1000; at++) remarks.add(`text ${at}`);
    expect(remarks.texts).toHaveLength(51);
    expect(remarks.texts.slice(-2)).toEqual(['text 50', expect.stringContaining('more warnings')]);
  });
});
