import { authorizationDetailsOf } from '../../../core/oauth/authorization/authorizationDetails';

const detail = { type: 'account_information', actions: ['list_accounts'] };

it.each<[unknown, object[]]>([
  [JSON.stringify([detail]), [detail]],
  [JSON.stringify(detail), [detail]],
  [
    [detail, { type: 'other' }],
    [detail, { type: 'other' }],
  ],
])('reads %j', (given, expected) => {
  expect(authorizationDetailsOf(given)).toEqual(expected);
});

it.each<[unknown, string]>([
  ['[{', 'text that is not JSON'],
  ['list_accounts', 'text that is not JSON'],
  ['7', 'something that is no object'],
  ['[]', 'an empty list'],
  ['[7]', 'something that is no object'],
  ['[[]]', 'something that is no object'],
  ['{}', 'an object without "type"'],
  ['[{"type": 7}]', 'an object without "type"'],
  ['[{"type": ""}]', 'an object without "type"'],
])('refuses %j', (given, content) => {
  expect(() => authorizationDetailsOf(given)).toThrow(
    expect.objectContaining({
      code: 'field-malformed',
      message: `"Authorization Details" holds ${content}`,
    }),
  );
});
