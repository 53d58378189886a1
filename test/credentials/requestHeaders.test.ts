import { requestHeaders } from '../../credentials/requestHeaders';

const HEADER = 'x-open-banking-consent';

describe('the header that names the consent', () => {
  it.each([HEADER, 'X-Open-Banking-Consent', 'X-OPEN-BANKING-CONSENT'])(
    'is read and removed as "%s"',
    (name) => {
      expect(requestHeaders({ [name]: ' household ', Accept: 'a' })).toEqual({
        headers: { Accept: 'a' },
        consent: 'household',
        hasAuthorization: false,
        hasEmptyAuthorization: false,
      });
    },
  );

  it('may be a number', () => {
    expect(requestHeaders({ [HEADER]: 4711 }).consent).toBe('4711');
  });

  it.each([90071992547409931, 1e21, 1.5])(
    'is refused as the number %p, which may be rounded',
    (value) => {
      expect(() => requestHeaders({ [HEADER]: value })).toThrow(
        expect.objectContaining({ code: 'consent-malformed' }),
      );
    },
  );

  it('is read with spaces around its name, because the sender trims names', () => {
    expect(requestHeaders({ [` ${HEADER} `]: 'b' })).toMatchObject({ headers: {}, consent: 'b' });
  });

  it('is refused under another name with the same prefix', () => {
    expect(() => requestHeaders({ [`${HEADER}s`]: 'b' })).toThrow(
      expect.objectContaining({ code: 'header-malformed' }),
    );
  });

  it.each(['Bearer secret-1', 'eyJhbGciOiJub25lIn0.eyJzZWNyZXQiOjF9.secret-1', '-----BEGIN X'])(
    'is refused as the secret %p, and the error does not contain it',
    (value) => {
      const refused = expect.objectContaining({
        code: 'consent-malformed',
        message: '"Consent" holds a token or a key, not a name',
      });
      expect(() => requestHeaders({ [HEADER]: value })).toThrow(refused);
    },
  );

  it('is optional', () => {
    expect(requestHeaders(undefined)).toMatchObject({ headers: {}, hasEmptyAuthorization: false });
  });

  it.each([undefined, null, '', '  ', 'undefined', 'null', '[object Object]', {}, [], true, NaN])(
    'is refused as %p, and no other consent is used',
    (value) => {
      expect(() => requestHeaders({ [HEADER]: value as never })).toThrow(
        expect.objectContaining({ code: 'input-missing', outcome: 'not-sent' }),
      );
    },
  );

  it('is refused if it holds an expression that n8n did not evaluate', () => {
    expect(() => requestHeaders({ [HEADER]: '{{ $json.consent }}' })).toThrow(
      expect.objectContaining({
        code: 'header-malformed',
        description: expect.stringContaining('from Fixed to Expression') as string,
      }),
    );
  });

  it('is refused if it is set twice with different values', () => {
    expect(() => requestHeaders({ [HEADER]: 'a', 'X-Open-Banking-Consent': 'b' })).toThrow(
      expect.objectContaining({ code: 'header-malformed' }),
    );
    expect(requestHeaders({ [HEADER]: 'a', 'X-Open-Banking-Consent': 'a' }).consent).toBe('a');
  });
});

describe('the Authorization header', () => {
  it('is kept if the user set it', () => {
    expect(requestHeaders({ AUTHORIZATION: 'Bearer mine' })).toEqual({
      headers: { AUTHORIZATION: 'Bearer mine' },
      hasAuthorization: true,
      hasEmptyAuthorization: false,
    });
  });

  it.each([undefined, null, '', 'undefined', 'Bearer ', 'Bearer undefined', 'bearer null'])(
    'counts as empty if it is %p',
    (value) => {
      expect(requestHeaders({ authorization: value as never })).toEqual({
        headers: {},
        hasAuthorization: false,
        hasEmptyAuthorization: true,
      });
    },
  );

  it.each(['{{ $json.authorization }}', 'Bearer {{ $json.access_token }}'])(
    'is refused as %p, the text of an unevaluated expression',
    (Authorization) => {
      expect(() => requestHeaders({ Authorization })).toThrow(
        expect.objectContaining({
          code: 'header-malformed',
          message: expect.stringContaining('"Authorization"') as string,
          description: expect.stringContaining('from Fixed to Expression') as string,
        }),
      );
    },
  );
});
