import type { BankSettings } from '../../../core/profile/settings';
import type { ConsentToken } from '../../../core/tokens/consents/refreshContext';
import { startIssuer } from '../../support/bank/issuer';
import { failureOf } from '../../support/failure';
import type { RotatingBank } from '../../support/bank/rotatingBank';
import { closeAfterTest } from '../../support/servers/closing';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';
import { until } from '../../support/waiting';
import {
  accessTokenOf,
  anotherProcess,
  expired,
  keepAsFormerVersion,
  passed,
  recordsOf,
  rotatingBank,
  tokensOf,
  type RotatingBankOptions,
} from '../../support/stores/consents';

/** The credential by each choice of "Bank". The issuer publishes metadata with the token endpoint of the bank. */
const choices = ['custom', 'discovery', 'wso2'] as const;
type Choice = (typeof choices)[number];

async function bankWithMetadata() {
  const bank = await rotatingBank();
  // An identity server of WSO2 has its token endpoint at this path.
  const tokenEndpoint = `${bank.url}/oauth2/token`;
  const issuer: TlsServer = await startTlsServer({
    handle: (_request, response) =>
      response
        .setHeader('Content-Type', 'application/json')
        .end(JSON.stringify({ issuer: issuer.url, token_endpoint: tokenEndpoint })),
  });
  closeAfterTest(() => issuer.close());
  const common = {
    ...bank.settings,
    tokenEndpoint: undefined,
    jwksUri: undefined,
    issuer: issuer.url,
  };
  const credentials: Record<Choice, BankSettings> = {
    custom: { ...common, bank: 'custom', tokenEndpoint },
    discovery: { ...common, bank: 'discovery' },
    wso2: { ...common, bank: 'wso2', host: new URL(bank.url).host },
  };
  return { bank, issuer, credentials };
}

/** The stored tokens of a new process whose credential has this choice. */
const by = (settings: BankSettings) => anotherProcess({ settings });

const pairs = choices.flatMap((from) =>
  choices.filter((to) => to !== from).map((to) => ({ from, to })),
);

describe.each(pairs)('a consent stored with the choice $from', ({ from, to }) => {
  /** Whether both choices give the bank the same name. */
  const isSameName = from !== 'discovery' && to !== 'discovery';
  const remark = isSameName ? [] : [expect.stringContaining('under another name of the bank')];

  it(`is found with the choice ${to}`, async () => {
    const { credentials } = await bankWithMetadata();
    await (
      await by(credentials[from])
    ).keep('c', passed(tokensOf('at-1', { refresh_token: 'rt' })));
    const { tokens, remarks } = await (await by(credentials[to])).valid('c');
    expect(tokens.access_token).toBe('at-1');
    expect(remarks).toEqual(remark);
    expect(await (await by(credentials[to])).list()).toMatchObject([{ consent: 'c' }]);
    expect(await (await by(credentials[to])).consentOf('rt')).toBe('c');
    expect(await (await by(credentials[to])).stored('c')).toMatchObject({ access_token: 'at-1' });
    expect(await (await by(credentials[to])).forget('c')).toBe(true);
    expect(await recordsOf()).toEqual([]);
  });

  it(`is found with the choice ${to} if an earlier version stored it`, async () => {
    const { credentials } = await bankWithMetadata();
    await keepAsFormerVersion({ settings: credentials[from] }, 'c', tokensOf('at-1'));
    const { tokens, remarks } = await (await by(credentials[to])).valid('c');
    expect(tokens.access_token).toBe('at-1');
    expect(remarks).toEqual(remark);
  });

  it(`is renewed with the choice ${to}, and stays one consent`, async () => {
    const { credentials } = await bankWithMetadata();
    await (await by(credentials[from])).keep('c', passed(tokensOf('at-1')));
    await (await by(credentials[to])).keep('c', passed(tokensOf('at-2')));
    expect(await recordsOf()).toHaveLength(1);
    expect(await accessTokenOf(await by(credentials[to]))).toBe('at-2');
    expect(await accessTokenOf(await by(credentials[from]))).toBe('at-2');
  });
});

it.each(choices)(
  'a consent stored with the choice %s stays when the account API and the financial ID change',
  async (choice) => {
    const { credentials } = await bankWithMetadata();
    const before = credentials[choice];
    const after = {
      ...before,
      accountApiUrl: 'https://api.bank.example/open-banking/v4.0/aisp',
      financialId: 'bank-1',
    };
    await (await by(before)).keep('c', passed(tokensOf('at-1', { refresh_token: 'rt' })));
    for (const settings of [after, before, after]) {
      const tokens = await by(settings);
      expect(await tokens.list()).toMatchObject([{ consent: 'c' }]);
      expect(await tokens.consentOf('rt')).toBe('c');
      expect(await tokens.valid('c')).toMatchObject({
        tokens: { access_token: 'at-1' },
        remarks: [],
      });
    }
    expect(await recordsOf()).toHaveLength(1);
  },
);

describe('a consent stored with Discovery', () => {
  /** The same bank with its token endpoint where it answers. */
  async function banks(options?: RotatingBankOptions): Promise<{
    bank: RotatingBank;
    custom: BankSettings;
    discovery: BankSettings;
  }> {
    const bank = await rotatingBank(options);
    const issuer = await startIssuer(bank.settings.tokenEndpoint);
    const custom = { ...bank.settings, issuer };
    return { bank, custom, discovery: { ...custom, bank: 'discovery' } };
  }

  it('moves to the name of Custom Endpoints at its refresh, and back', async () => {
    const { bank, custom, discovery } = await banks();
    await (await by(discovery)).keep('c', passed(expired(bank, 'c')));
    for (const [settings, name] of [
      [custom, custom.tokenEndpoint],
      [discovery, discovery.issuer],
    ] as const) {
      const { remarks } = await (await by(settings)).valid('c', { refreshNow: true });
      expect(remarks).toHaveLength(1);
      expect(await recordsOf()).toMatchObject([{ bank: name }]);
      expect((await (await by(settings)).valid('c', { refreshNow: true })).remarks).toEqual([]);
    }
    expect(bank.grant('c')).toEqual({ refreshes: 4, revoked: false });
  });

  it('sends a first refresh token once if both choices have it', async () => {
    const { bank, custom, discovery } = await banks({ delay: () => 1000 });
    const firstRefreshToken = bank.consent('c');
    const one = await by(custom);
    let refreshing: Promise<ConsentToken> | undefined;
    const other = await anotherProcess(
      { settings: discovery },
      {
        interference: {
          // The other process begins just before this one stores its record, and is refreshing it then.
          replace: async (real, ...given) => {
            if (!refreshing) {
              refreshing = one.valid('c', { firstRefreshToken });
              await until(() => bank.tokenRequests.underWay > 0);
            }
            return real.replace(...given);
          },
        },
      },
    );
    const { tokens } = await other.valid('c', { firstRefreshToken });
    expect(tokens.access_token).toBe('at-c-1');
    expect((await refreshing)?.tokens.access_token).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });
});

describe('if the metadata of the bank cannot be fetched', () => {
  async function withoutMetadata() {
    const { credentials, issuer } = await bankWithMetadata();
    await issuer.close();
    return credentials;
  }

  it('a consent stored with Discovery is used, listed and forgotten without it', async () => {
    const { discovery } = await withoutMetadata();
    await (await by(discovery)).keep('c', passed(tokensOf('at-1', { refresh_token: 'rt' })));
    expect(await accessTokenOf(await by(discovery))).toBe('at-1');
    expect(await (await by(discovery)).list()).toMatchObject([{ consent: 'c', state: 'valid' }]);
    expect(await (await by(discovery)).consentOf('rt')).toBe('c');
    expect(await (await by(discovery)).forget('c')).toBe(true);
    expect(await recordsOf()).toEqual([]);
  });

  it('the error for a consent that may be stored under the token endpoint says so', async () => {
    const { discovery, custom } = await withoutMetadata();
    await (await by(custom)).keep('c', passed(tokensOf('at-1')));
    expect(await failureOf((await by(discovery)).valid('c'))).toMatchObject({
      code: 'host-unreachable',
      outcome: 'not-sent',
    });
    expect(await (await by(discovery)).list()).toEqual([]);
  });

  it('new tokens are stored all the same', async () => {
    const { discovery, custom } = await withoutMetadata();
    await (await by(custom)).keep('c', passed(tokensOf('at-1')));
    const result = await (await by(discovery)).keep('c', passed(tokensOf('at-2')));
    expect(result).toEqual({ remarks: [] });
    expect(await accessTokenOf(await by(discovery))).toBe('at-2');
    // The newest tokens count, and the others are removed.
    expect(await accessTokenOf(await by(custom))).toBe('at-2');
    expect(await recordsOf()).toHaveLength(1);
  });
});
