import { narrowedDetails } from '../../../core/oauth/grants/grantedDetails';

const asked = [
  { type: 'accounts', actions: ['list', 'read'], access: { accounts: [] } },
  { type: 'balances', until: '2027-01-01' },
];

it.each<[string, unknown]>([
  ['the same', asked],
  [
    'with what the customer chose',
    [
      { ...asked[0], access: { accounts: [{ iban: 'DE1' }] }, id: 1 },
      { type: 'other' },
      { ...asked[1] },
    ],
  ],
])('says nothing if the granted details are %s', (_, granted) => {
  expect(narrowedDetails(asked, granted)).toEqual([]);
});

it('says nothing if nothing was asked for in detail', () => {
  expect(narrowedDetails(undefined, [{ type: 'accounts' }])).toEqual([]);
});

it.each<[unknown, string]>([
  [[asked[1]], '"accounts".'],
  [[{ ...asked[0], actions: ['list'] }, asked[1]], '"accounts (actions)".'],
  [[{ ...asked[0], actions: 'list' }, asked[1]], '"accounts (actions)".'],
  [[asked[0], { type: 'balances', until: '2026-12-01' }], '"balances (until)".'],
  [[{ type: 'accounts' }, 7, null], '"accounts (actions, access)", "balances".'],
  [[], '"accounts", "balances".'],
])('names what was narrowed to %j', (granted, names) => {
  expect(narrowedDetails(asked, granted)).toEqual([
    `The bank granted less than was asked for in "Authorization Details": ${names} "authorization_details" of the output says what was granted.`,
  ]);
});

it.each([undefined, 'accounts', {}])(
  'says that the bank does not say what it granted: %j',
  (granted) => {
    expect(narrowedDetails(asked, granted)).toEqual([
      expect.stringContaining('The bank does not say which "Authorization Details" it granted'),
    ]);
  },
);
