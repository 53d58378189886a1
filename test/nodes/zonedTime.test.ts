import { zonedTime } from '../../nodes/OpenBanking/actions/zonedTime';

it.each([
  ['2026-03-01T09:05:00Z', '2026-03-01T09:05:00.000Z'],
  ['2026-03-01T09:05:00.250+13:00', '2026-02-28T20:05:00.250Z'],
  ['2026-03-01 09:05:00-0430', '2026-03-01T13:35:00.000Z'],
  // Without a zone: that of the workflow, winter and summer.
  ['2026-01-15T09:05', '2026-01-15T08:05:00.000Z'],
  ['2026-07-15T09:05:00', '2026-07-15T07:05:00.000Z'],
  ['2026-07-15', '2026-07-14T22:00:00.000Z'],
  // The hour before and after the change of clocks.
  ['2026-03-29T01:30:00', '2026-03-29T00:30:00.000Z'],
  ['2026-03-29T03:30:00', '2026-03-29T01:30:00.000Z'],
])('reads %s as %s', (text, time) => {
  expect(zonedTime(text, 'Europe/Berlin')?.toISOString()).toBe(time);
});

it.each(['UTC', 'Etc/GMT', 'America/St_Johns', 'Pacific/Chatham'])(
  'reads the wall clock of %s',
  (zone) => {
    const time = zonedTime('2026-05-05T12:00:00', zone)!;
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' });
    expect(clock.format(time)).toBe('12:00');
  },
);

it.each(['', 'yesterday', '2026-13-01', '2026-02-30T25:00:00Z', '1772355900000', '01/03/2026'])(
  'reads no time in "%s"',
  (text) => {
    expect(zonedTime(text, 'Europe/Berlin')).toBeUndefined();
  },
);
