import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import {
  activateTrigger,
  executeTriggerStep,
  type ActiveTrigger,
} from '../support/n8n/activeTrigger';
import { outputOf, runNode, type NodeRun } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { until } from '../support/waiting';

ownUserFolder();

let bank: Sandbox;
let credential: IDataObject;
let active: ActiveTrigger | undefined;
let tests = 0;
let consent: string;
/** The bank's ID of the consent. */
let consentId: string;

beforeAll(async () => {
  bank = await startSandbox();
  credential = { ...(await sandboxCredential(bank)) };
});
afterAll(() => bank?.stop());

beforeEach(async () => {
  consent = `household-${++tests}`;
  const { code, consent_id: id } = await bank.authorize();
  consentId = id;
  const options = { keepForConsent: consent, consentId };
  const task = await runNode({
    credential,
    parameters: { resource: 'token', operation: 'exchange', code, options },
  });
  expect(outputOf(task)).toHaveLength(1);
});

afterEach(async () => {
  await active?.stop();
  active = undefined;
});

const parameters = (changes: INodeParameters = {}): INodeParameters => ({
  ...{ event: 'consentAttention', consents: 'list', consent, days: 1 },
  options: { positionName: consent },
  ...changes,
});

async function activate(changes: INodeParameters = {}): Promise<ActiveTrigger> {
  await active?.stop();
  active = await activateTrigger({ credential, parameters: parameters(changes) });
  return active;
}

/** Polls until a poll has begun and ended. */
async function pollOnce({ tick, executions }: ActiveTrigger): Promise<void> {
  const sync = openSyncMemory(await clientOf(credential), {});
  const before = executions.length;
  for (let poll = 0; poll < 3; poll++) {
    tick();
    await sync.attention(consent);
    await new Promise((done) => setTimeout(done, 20));
  }
  expect(executions.length).toBe(before);
}

const told = async () => openSyncMemory(await clientOf(credential), {}).attention(consent);

it('reports a consent that was revoked at the bank, once', async () => {
  await bank.revoke(consentId);
  const trigger = await activate();
  await until(() => trigger.executions.length === 1);
  expect(trigger.executions[0]!.items).toEqual([
    expect.objectContaining({ consent, consent_id: consentId, reason: 'revoked' }),
  ]);
  expect(await told()).toEqual({});
  trigger.executions[0]!.end('success');
  for (;;) if (Object.keys(await told()).length > 0) break;
  await pollOnce(trigger);
  // Nor by another trigger with the same position.
  await pollOnce(await activate());
});

it('reports again what an execution failed with', async () => {
  await bank.revoke(consentId);
  const trigger = await activate();
  await until(() => trigger.executions.length === 1);
  trigger.executions[0]!.end('error');
  await until(() => {
    trigger.tick();
    return trigger.executions.length === 2;
  });
  expect(trigger.executions[1]!.items).toEqual(trigger.executions[0]!.items);
});

it('reports no consent that is good, and no second time while the execution is open', async () => {
  const trigger = await activate();
  await pollOnce(trigger);
  await bank.revoke(consentId);
  const again = await activate();
  await until(() => again.executions.length === 1);
  await pollOnce(again);
});

/** A consent whose customer agreed to transactions up to a day. @returns the bank's ID */
async function coveringUntil(day: string): Promise<string> {
  const only = async (run: NodeRun) => outputOf(await runNode({ credential, ...run }))[0]!.json;
  const { consent_id: id } = await only({
    type: 'openBanking',
    parameters: {
      resource: 'consent',
      operation: 'create',
      options: { transactionsTo: `${day}T23:59:59Z` },
    },
  });
  const { url } = await only({
    parameters: { resource: 'authorization', operation: 'createUrl', consentId: id as string },
  });
  const { href: code } = await bank.approve(url);
  const options = { output: 'consent', keepForConsent: consent };
  await only({ parameters: { resource: 'token', operation: 'exchange', code, options } });
  return id as string;
}

it('reports a consent whose dates of transactions are over, although it is still authorized', async () => {
  const day = new Date(Date.now() - 4 * 86_400_000).toISOString().slice(0, 10);
  const id = await coveringUntil(day);
  const trigger = await activate();
  await until(() => trigger.executions.length === 1);
  expect(trigger.executions[0]!.items).toEqual([
    {
      ...{ consent, consent_id: id, reason: 'no-more-data' },
      ends_at: `${day}T23:59:59.000Z`,
    },
  ]);
  trigger.executions[0]!.end('success');
  for (;;) if (Object.keys(await told()).length > 0) break;
  await pollOnce(trigger);
});

it('reports no consent whose dates of transactions go on', async () => {
  await coveringUntil(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
  await pollOnce(await activate());
});

it('reports the certificate that ends, without a consent', async () => {
  const trigger = await activate({ days: 365 });
  await until(() => trigger.executions.length === 1);
  const reasons = trigger.executions[0]!.items.map(({ reason }) => reason);
  expect(reasons).toContain('certificate-ends-soon');
});

it('shows in the editor what needs attention, and reports it afterwards', async () => {
  await bank.revoke(consentId);
  const shown = await executeTriggerStep({ credential, parameters: parameters() });
  expect(shown).toEqual([expect.objectContaining({ consent, reason: 'revoked' })]);
  const trigger = await activate();
  await until(() => trigger.executions.length === 1);
});

it('says in the editor that a consent is not stored', async () => {
  const step = executeTriggerStep({ credential, parameters: parameters({ consent: 'nobody' }) });
  await expect(step).rejects.toMatchObject({
    message: 'No token is stored for the consent "nobody"',
  });
});
