import { withoutEchoedToken } from '../../core/accounts/echoedToken';

const TOKEN = 'eyJ/hbGciOiJIUzI1NiJ9.e30+x==';

it('hides the access token in the data, each time it is there', () => {
  const body = Buffer.from(`{"a":"${TOKEN}","b":"Bearer ${TOKEN}."}`);
  expect(withoutEchoedToken(body, TOKEN).toString()).toBe(
    '{"a":"[hidden]","b":"Bearer [hidden]."}',
  );
});

it('hides a token whose slash is escaped', () => {
  const body = Buffer.from(`{"a":"${TOKEN.replace('/', '\\/')}"}`);
  expect(withoutEchoedToken(body, TOKEN).toString()).toBe('{"a":"[hidden]"}');
});

it('changes no other byte', () => {
  const around = Buffer.from([0x22, 0xc3, 0xbc, 0xff, 0x00, 0x22]);
  const body = Buffer.concat([around, Buffer.from(TOKEN), around]);
  const hidden = Buffer.concat([around, Buffer.from('[hidden]'), around]);
  expect(withoutEchoedToken(body, TOKEN)).toEqual(hidden);
});

it('returns the same body if the token is not in it, or is too short to be told from a word', () => {
  const body = Buffer.from('{"Amount":"12.50"}');
  expect(withoutEchoedToken(body, TOKEN)).toBe(body);
  expect(withoutEchoedToken(body, '12.50')).toBe(body);
});
