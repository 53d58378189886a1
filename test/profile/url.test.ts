import { endpointOnHost, httpsUrl } from '../../core/profile/url';

describe('httpsUrl', () => {
  it.each([
    ['https://bank.example/token', 'https://bank.example/token'],
    [' https://bank.example\n', 'https://bank.example'],
    ['HTTPS://Bank.Example/A', 'HTTPS://Bank.Example/A'],
    ['https://bank.example/token?a=1', 'https://bank.example/token?a=1'],
  ])('accepts %j and changes only the white space around it', (value, url) => {
    expect(httpsUrl(value, 'Label')).toBe(url);
  });

  it.each([
    [undefined, 'field-missing'],
    ['  ', 'field-missing'],
    ['http://bank.example', 'url-malformed'],
    ['bank.example', 'url-malformed'],
    ['https://bank.example/a b', 'url-malformed'],
    ['https://bank.example\\token', 'url-malformed'],
    ['https://user@bank.example', 'url-malformed'],
    ['https://bank.example/#a', 'url-malformed'],
    ['https://[bank', 'url-malformed'],
  ])('rejects %j with %s', (value, code) => {
    expect(() => httpsUrl(value, 'Label')).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/^"Label" /) }),
    );
  });
});

describe('endpointOnHost', () => {
  const endpoint = (value: string) => endpointOnHost(value, 'Label', 9446, '/token');

  it.each([
    ['bank.example', 'https://bank.example:9446/token'],
    ['bank.example:443', 'https://bank.example:443/token'],
    ['https://bank.example:443/', 'https://bank.example:443/token'],
    ['bank.example/token', 'https://bank.example:9446/token'],
    ['[::1]:8443', 'https://[::1]:8443/token'],
  ])('completes %s', (value, url) => {
    expect(endpoint(value)).toBe(url);
  });

  it.each([
    ['', 'field-missing'],
    ['http://bank.example', 'url-malformed'],
    ['ftp://bank.example', 'url-malformed'],
    ['bank.example/other', 'url-malformed'],
    ['bank.example/token?a=1', 'url-malformed'],
  ])('rejects %j with %s', (value, code) => {
    expect(() => endpoint(value)).toThrow(expect.objectContaining({ code }));
  });
});
