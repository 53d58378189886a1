import { jwtVerify } from 'jose';
import { createPublicKey } from 'node:crypto';
import { brazilConsents } from '../../../core/accounts/consents/brazilConsents';
import { failureOf } from '../../support/failure';
import { idToken, issuer, otherKey } from '../../support/bank/idTokens';
import { json, type Answer } from '../answeringBank';
import { consentAnswer, consentBank, PERMISSIONS } from './consentBank';

describe('in Brazil', () => {
  const consent = (more: object = {}) => ({
    data: {
      consentId: 'urn:bank:C1DD33123',
      creationDateTime: '2026-05-21T08:30:00Z',
      status: 'AWAITING_AUTHORISATION',
      statusUpdateDateTime: '2026-05-21T08:30:00Z',
      permissions: ['ACCOUNTS_READ', 'RESOURCES_READ'],
      expirationDateTime: '2027-05-21T08:30:00Z',
      ...more,
    },
    links: { self: 'https://bank.example' },
  });
  const brazil = { regime: 'brazil' } as const;

  it.each([
    ['https://api.bank.example', '/open-banking/consents/v3/consents'],
    ['https://api.bank.example/open-banking', '/open-banking/consents/v3/consents'],
    ['https://api.bank.example/open-banking/consents/v3', '/open-banking/consents/v3/consents'],
    [
      'https://api.bank.example/open-banking/consents/v4/consents',
      '/open-banking/consents/v4/consents',
    ],
    ['https://api.bank.example/open-banking/accounts/v2', '/open-banking/consents/v3/consents'],
    [
      'https://api.bank.example/x/open-banking/resources/v3/resources',
      '/x/open-banking/consents/v3/consents',
    ],
    ['https://api.bank.example/sandbox', '/sandbox/consents/v3/consents'],
  ])('finds the API from %s', (base, path) => {
    expect(brazilConsents.url(base)).toBe(`https://api.bank.example${path}`);
    expect(brazilConsents.url(base, 'urn:bank:C1/2')).toBe(
      `https://api.bank.example${path}/urn:bank:C1%2F2`,
    );
  });

  it('posts who logs in and for which company, with a token of the scope "consents"', async () => {
    const { api, requests, scopes } = await consentBank([json(201, consent())], {}, brazil);
    const created = await api.create({
      ...{ permissions: ['ACCOUNTS_READ', 'RESOURCES_READ', 'ACCOUNTS_READ'] },
      ...{ cpf: '52998224725', cnpj: '11222333000181' },
      expiresAt: new Date('2027-05-21T08:30:00.400Z'),
    });
    expect(created).toMatchObject({
      ...{ consentId: 'urn:bank:C1DD33123', status: 'awaiting' },
      permissions: ['ACCOUNTS_READ', 'RESOURCES_READ'],
      ...{ expiresAt: '2027-05-21T08:30:00Z', createdAt: '2026-05-21T08:30:00Z' },
    });
    expect(scopes).toEqual(['consents']);
    const [{ method, url, headers, body }] = requests as [(typeof requests)[0]];
    expect(`${method} ${url}`).toBe('POST /open-banking/v3.1/aisp/consents/v3/consents');
    expect(headers).toHaveProperty('x-fapi-interaction-id');
    expect(JSON.parse(body)).toEqual({
      data: {
        loggedUser: { document: { identification: '52998224725', rel: 'CPF' } },
        businessEntity: { document: { identification: '11222333000181', rel: 'CNPJ' } },
        permissions: ['ACCOUNTS_READ', 'RESOURCES_READ'],
        expirationDateTime: '2027-05-21T08:30:00Z',
      },
    });
  });

  it('reads and ends a consent under its URN', async () => {
    const authorised = json(200, consent({ status: 'AUTHORISED' }));
    const { api, requests } = await consentBank(
      [authorised, (response) => void response.writeHead(204).end()],
      ...[{}, brazil],
    );
    const id = 'urn:bank:C1DD33123';
    expect(await api.get(id)).toMatchObject({ status: 'authorised' });
    expect(await api.delete(id)).toBe(true);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /open-banking/v3.1/aisp/consents/v3/consents/urn:bank:C1DD33123',
      'DELETE /open-banking/v3.1/aisp/consents/v3/consents/urn:bank:C1DD33123',
    ]);
  });

  it('shows why the bank refuses, without the rules of the UK', async () => {
    const errors = [
      {
        code: 'COMBINACAO_PERMISSOES_INCORRETA',
        title: 'Permissões incorretas',
        detail: 'As permissões não formam um grupo.',
      },
    ];
    const { api } = await consentBank([json(422, { errors })], {}, brazil);
    const error = await failureOf(api.create({ permissions: ['ACCOUNTS_READ'] }));
    expect(error.code).toBe('consent-refused');
    expect(error.message).toContain('COMBINACAO_PERMISSOES_INCORRETA');
    expect(error.description).not.toContain('ReadAccounts');
  });
});

describe('the numbers of a customer that a bank repeats in a refusal', () => {
  it.each([
    ['as they were sent', '52998224725', '11222333000181', '1111111111'],
    ['as people write them', '529.982.247-25', '11.222.333/0001-81', '1111111111'],
  ])('are hidden, %s', async (_name, cpf, cnpj, nationalId) => {
    const errors = [{ code: 'X', detail: `document ${cpf} of ${cnpj}: ${nationalId}` }];
    const { api } = await consentBank([json(422, { errors })], {}, { regime: 'brazil' });
    const numbers = { cpf: '52998224725', cnpj: '11222333000181', nationalId: '1111111111' };
    const error = await failureOf(api.create({ permissions: ['ACCOUNTS_READ'], ...numbers }));
    expect(error.sentence).toContain('document [hidden]');
    for (const number of [cpf, cnpj, nationalId]) expect(error.sentence).not.toContain(number);
  });

  it('stay in the consent that the bank puts out', async () => {
    const document = { identification: '52998224725', rel: 'CPF' };
    const data = { consentId: 'urn:bank:1', loggedUser: { document } };
    const { api } = await consentBank([json(201, { data })], {}, { regime: 'brazil' });
    const created = await api.create({ permissions: ['ACCOUNTS_READ'], cpf: '52998224725' });
    expect(created.raw).toEqual({ data });
  });
});

describe('in Saudi Arabia with FAPI 2', () => {
  const saudi = { regime: 'saudiArabiaFapi2', issuer } as const;

  const signed =
    (status: number, message: object, forgery: Parameters<typeof idToken>[0] = {}): Answer =>
    (response) =>
      void idToken({ ...forgery, claims: { message, ...forgery.claims } }).then((jwt) =>
        response.writeHead(status, { 'Content-Type': 'application/jwt; charset=utf-8' }).end(jwt),
      );

  const created = () => {
    const { Data, ...rest } = consentAnswer();
    const { Status, StatusUpdateDateTime, ...data } = Data as Record<string, unknown>;
    const ConsentStatus = 'AwaitingAuthorization';
    const { ConsentStatusUpdateDateTime = StatusUpdateDateTime } = {};
    expect(Status).toBeDefined();
    return { ...rest, Data: { ...data, ConsentStatus, ConsentStatusUpdateDateTime } };
  };

  it('signs the consent for the issuer, with what the customer and the purposes are', async () => {
    const { api, client, requests } = await consentBank([signed(201, created())], ...[{}, saudi]);
    const consent = await api.create({
      ...{ permissions: PERMISSIONS, nationalId: '1111111111' },
      ...{ purposes: ['Account Aggregation'], risk: { RequestIndicators: {} } },
      expiresAt: new Date('2027-01-28T15:27:13Z'),
    });
    expect(consent).toMatchObject({ consentId: 'c-1', status: 'awaiting' });
    expect(consent.statusChangedAt).toBe('2026-03-01T09:00:00+00:00');
    const [{ method, headers, body }] = requests as [(typeof requests)[0]];
    expect(method).toBe('POST');
    expect(headers['content-type']).toBe('application/jwt');
    expect(headers.accept).toContain('application/jwt');
    const key = createPublicKey((await client.profile.requestSigner()).key);
    const { payload, protectedHeader } = await jwtVerify(body, key, {
      ...{ issuer: 'client-1', audience: issuer, algorithms: ['PS256'] },
    });
    expect(protectedHeader).toMatchObject({ typ: 'JWT' });
    // The schema of the standard has a list.
    expect(payload.aud).toEqual([issuer]);
    expect(payload.exp! - payload.nbf!).toBeLessThanOrEqual(3600);
    expect(payload.message).toEqual({
      Data: {
        Permissions: PERMISSIONS,
        ExpirationDateTime: '2027-01-28T15:27:13+00:00',
        NationalIdentificationNumber: '1111111111',
        ConsentPurpose: ['Account Aggregation'],
      },
      Risk: { RequestIndicators: {} },
    });
  });

  it('refuses an answer that another key signed, and says that a consent may have been created', async () => {
    const { api } = await consentBank([signed(201, created(), { key: otherKey })], {}, saudi);
    const error = await failureOf(api.create({ permissions: PERMISSIONS }));
    expect(error.code).toBe('jwt-signature');
    expect(error.description).toMatch(/may have created a consent/);
  });

  it('refuses a consent that is not signed, whatever the answer calls itself', async () => {
    for (const type of ['application/json', 'application/jwt']) {
      const unsigned: Answer = (response) =>
        void response.writeHead(201, { 'Content-Type': type }).end(JSON.stringify(created()));
      const { api } = await consentBank([unsigned], {}, saudi);
      const error = await failureOf(api.create({ permissions: PERMISSIONS }));
      expect(error.code).toBe('jwt-malformed');
      expect(error.description).toMatch(/may have created a consent/);
    }
  });

  it.each([
    ['from another issuer', { iss: 'https://other.example' }, 'iss'],
    ['without an issuer', { iss: undefined }, 'iss'],
    ['for another client', { aud: ['client-2'] }, 'aud'],
  ])('refuses a signed answer %s', async (_name, claims, claim) => {
    const { api } = await consentBank([signed(201, created(), { claims })], {}, saudi);
    const error = await failureOf(api.create({ permissions: PERMISSIONS }));
    expect(error.code).toBe('payload-claim');
    expect(error.message).toContain(`"${claim}"`);
  });

  it('reads a refusal, signed or not', async () => {
    const refused = { Errors: [{ Code: 'KSAOB.Consent.Invalid', Message: 'No such purpose' }] };
    for (const answer of [signed(400, refused), json(400, refused)]) {
      const { api } = await consentBank([answer], {}, saudi);
      const error = await failureOf(api.create({ permissions: PERMISSIONS }));
      expect(error.message).toContain('No such purpose');
      expect(error.code).toBe('consent-refused');
    }
  });

  it.each([
    ['AwaitingAuthorization', 'Rejected'],
    ['Authorized', 'Finished'],
  ])('ends a consent that is %s by a signed PATCH to %s', async (status, ended) => {
    const known = created();
    const answer = { ...known, Data: { ...known.Data, ConsentStatus: status } };
    const { api, requests } = await consentBank(
      [signed(200, answer), (response) => void response.writeHead(204).end()],
      ...[{}, saudi],
    );
    expect(await api.delete('c-1')).toBe(true);
    const ofConsents = requests.filter(({ url }) => url !== '/jwks');
    expect(ofConsents.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
    const [, claims] = ofConsents[1]!.body.split('.');
    const { message } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as {
      message: object;
    };
    expect(message).toEqual({ Data: { ConsentStatus: ended, RevokedBy: 'KSAOB.TPP' } });
  });
});
