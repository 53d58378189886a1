import { nextPage } from '../../core/accounts/nextPage';

const base = 'https://bank.example:8243/open-banking/v3.1/aisp';
const path = '/accounts/A-1/transactions';
const url = `${base}${path}?fromBookingDateTime=2026-03-01T00:00:00`;

const nextOf = (link: unknown, asked = { url, path }) => nextPage(link, asked);

describe('a link to the same resource at the same address', () => {
  it.each([
    ['whole', `${base}${path}?page=1`],
    ['with a query alone', '?page=1'],
    ['with the last part of the path', 'transactions?page=1'],
    ['with the whole path', '/open-banking/v3.1/aisp/accounts/A-1/transactions?page=1'],
    ['with white space around it', ` \n${base}${path}?page=1\t `],
    ['with a fragment', `${base}${path}?page=1#top`],
    ['with a slash at the end of its path', `${base}${path}/?page=1`],
    ['with dots in its path', `${base}/accounts/../accounts/./A-1/transactions?page=1`],
    ['with its host in capitals', `HTTPS://BANK.EXAMPLE:8243/open-banking/v3.1/aisp${path}?page=1`],
  ])('%s is followed without a warning', (_, link) => {
    expect(nextOf(link)).toEqual({ query: 'page=1' });
  });
});

describe('a link with another host or base path, to the same resource,', () => {
  it.each([
    ['of a sister brand', 'https://api.brand-a.example/grp/aa/open-banking/v4.0/aisp'],
    ['without the prefix of the gateway', 'https://bank.example:8243/v3.1/aisp'],
    ['over plain HTTP', 'http://10.0.66.9:8080/open-banking/v3.1/aisp'],
    ['that begins with null', 'null/open-banking/v3.1'],
    ['with a user', 'https://user@bank.example.evil.example/x'],
    ['without a scheme', '//evil.example/x'],
    ['with another port', 'https://bank.example/open-banking/v3.1/aisp'],
  ])('%s gives only its query', (_, other) => {
    expect(nextOf(`${other}${path}?page=1`)).toEqual({ query: 'page=1', elsewhere: other });
  });

  it.each([path, path.slice(1)])('that has lost its base path gives only its query: %s', (link) => {
    expect(nextOf(`${link}?page=1`)).toEqual({ query: 'page=1', elsewhere: '/' });
  });
});

describe('a link to another resource', () => {
  it.each([
    `${base}/accounts?offset=50&limit=50`,
    `${base}/accounts/A-1/balances?offset=50`,
    `${base}/accounts/A-2/transactions?page=1`,
    `${base}${path}/../balances?page=1`,
    `${base}${path}/2`,
    `${base}/xaccounts/A-1/transactions?page=1`,
    `${base}/accounts/A-1/transactions-x?page=1`,
    'balances?page=1',
    'null',
    'https://',
    'http://[',
    'https://bank.example:99999/accounts/A-1/transactions?page=1',
    'javascript:alert(1)',
    '/\\accounts',
    17,
    true,
    { href: `${base}${path}?page=1` },
    [`${base}${path}?page=1`],
    '\ud800',
  ])('or one that cannot be read is an error with both addresses: %s', (link) => {
    expect(() => nextOf(link)).toThrow(
      expect.objectContaining({
        code: 'next-page-elsewhere',
        message: expect.stringContaining(`${base}${path} `),
      }),
    );
  });

  it('is named in the error as the bank sent it', () => {
    const link = `${base}/accounts?offset=50&limit=50`;
    expect(() => nextOf(link)).toThrow(`leads to ${link}`);
  });
});

describe('a hostile link', () => {
  const own = `${base}${path}?page=1`;
  const million = 1_000_000;

  it.each<[string, unknown]>([
    ['of blanks and a letter', `${' '.repeat(million)}x`],
    ['with blanks in the middle', `${own}${' '.repeat(million)}&x=1`],
    ['with a long query', `${own}&x=${'%'.repeat(million)}`],
    ['with a long path', `${'/..'.repeat(million)}`],
    ['that is nested deep', JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))],
  ])('%s is an error, soon', (_, link) => {
    const start = performance.now();
    expect(() => nextOf(link)).toThrow(expect.objectContaining({ code: 'next-page-elsewhere' }));
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('is shown without the token of the request', () => {
    const secrets = ['a1-secret'];
    const asked = { url, path, secrets };
    expect(() => nextOf(`${base}/accounts?key=a1-secret`, asked)).toThrow(/^(?!.*a1-secret)/s);
    expect(nextOf(`https://a1-secret.example${path}?p=1`, asked).elsewhere).not.toContain(
      'a1-secret',
    );
  });
});

describe('the query', () => {
  it.each([
    ['page=pg~Zm9+Yg==~&sig=a%2Bb%2F|x&to=2026-03-02T00:00:00'],
    ['b=2&a=1&b=1&c'],
    ['%7e=%7E'],
    ["q='a'(b)*!$,;:@/?&[x]={y}^`"],
  ])('stays as it came: %s', (query) => {
    expect(nextOf(`${base}${path}?${query}`)).toEqual({ query });
  });

  it('gets escapes only for characters that cannot be sent', () => {
    expect(nextOf(`${base}${path}?a=x y&b="ü"\u0001<😀>`)).toEqual({
      query: 'a=x%20y&b=%22%C3%BC%22%01%3C%F0%9F%98%80%3E',
    });
    expect(nextOf(`${base}${path}?a=\ud83d`).query).toBe('a=%EF%BF%BD');
  });

  it('is empty if the link has none', () => {
    expect(nextOf(`${base}${path}`)).toEqual({ query: '' });
  });
});

describe('an account ID with characters that have a meaning in a path', () => {
  const account = (id: string, link: string) => {
    const own = `/accounts/${encodeURIComponent(id)}/transactions`;
    return nextOf(`${base}/accounts/${link}/transactions?p=2`, { url: base + own, path: own });
  };

  it.each([
    ['a/b+c==', 'a%2Fb%2Bc%3D%3D'],
    ['a/b+c==', 'a%2fb+c=='],
    ['a/b+c==', 'a%252Fb%252Bc%253D%253D'],
    ['a/b+c==', 'a/b+c=='],
    ['50% GBP', '50%25%20GBP'],
    ['50% GBP', '50% GBP'],
    ['A-1?x=1', 'A-1%3Fx%3D1'],
    ['é1', '%C3%A91'],
    ['é1', 'é1'],
  ])('%s is recognized in %s', (id, link) => {
    expect(account(id, link)).toMatchObject({ query: 'p=2' });
  });

  it('is not taken for another one', () => {
    expect(() => account('a/b', 'a%2Fc')).toThrow('another resource');
    expect(() => account('a', 'b%2Fa')).toThrow('another resource');
  });
});
