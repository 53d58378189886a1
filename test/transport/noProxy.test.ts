import { proxyFor } from '../../core/transport/proxy';

describe('NO_PROXY', () => {
  const usesProxy = (url: string, exceptions: string): boolean =>
    proxyFor(new URL(url).origin, {
      variable: 'HTTPS_PROXY',
      address: 'http://proxy.example:3128',
      exceptions,
    }) !== undefined;

  test.each([
    ['bank.example', 'https://bank.example'],
    ['bank.example', 'https://is.bank.example:9446'],
    ['BANK.example.', 'https://Bank.Example.'],
    ['.bank.example', 'https://is.bank.example'],
    ['*.bank.example', 'https://is.bank.example'],
    ['*bank.example', 'https://mybank.example'],
    ['is.*.example', 'https://is.bank.example'],
    ['*', 'https://bank.example'],
    ['other.example, bank.example:9446', 'https://bank.example:9446'],
    ['other.example  bank.example:443', 'https://bank.example'],
    ['10.1.2.3', 'https://10.1.2.3'],
    ['127.*', 'https://127.0.0.1'],
    ['10.0.0.0/8', 'https://10.1.2.3:9446'],
    ['fd00::/8', 'https://[fd12::1]:9446'],
    ['::1', 'https://[::1]'],
    ['[::1]:9446', 'https://[::1]:9446'],
  ])('%s is for %s', (exceptions, url) => {
    expect(usesProxy(url, exceptions)).toBe(false);
  });

  test.each([
    ['', 'https://bank.example'],
    ['bank.example', 'https://mybank.example'],
    ['bank.example', 'https://bank.example.evil'],
    ['bank.example:443', 'https://bank.example:9446'],
    ['is.*.example', 'https://is.bank.example.evil'],
    ['b.nk.example', 'https://bank.example'],
    ['10.0.0.0/8', 'https://11.1.2.3'],
    ['10.0.0.0/99', 'https://10.1.2.3'],
    ['10.0.0.0/8', 'https://bank.example'],
    ['::1', 'https://[::2]'],
  ])('%s is not for %s', (exceptions, url) => {
    expect(usesProxy(url, exceptions)).toBe(true);
  });
});
