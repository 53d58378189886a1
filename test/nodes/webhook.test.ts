import type { IWebhookFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { receive } from '../../nodes/OpenBankingRedirectTrigger/webhook';
import { unknownState } from '../../nodes/unknownState';

let workflows = 0;

/** The context of a webhook, with only the functions that the trigger calls, and the warnings that it logs. */
function contextOf(query: string, getCredentials: () => Promise<never>) {
  const warnings: string[] = [];
  const workflow = { id: `workflow-${++workflows}` };
  const response = { writeHead: jest.fn().mockReturnThis(), end: jest.fn() };
  const context = {
    getRequestObject: () => ({ method: 'GET', originalUrl: `/webhook/open-banking?${query}` }),
    getResponseObject: () => response,
    getNodeParameter: (_name: string, fallback: unknown) => fallback,
    getMode: () => 'trigger',
    getWorkflow: () => workflow,
    getNode: () => ({ id: 'node-1' }),
    getCredentials,
    logger: { warn: (message: string) => warnings.push(message) },
  };
  return { context: context as unknown as IWebhookFunctions, response, warnings };
}

const answer = 'code=secret-code&state=s';

describe('the redirect trigger', () => {
  it('logs that an unknown failure happened, but not its message', async () => {
    const { context, response, warnings } = contextOf(answer, () =>
      Promise.reject(new Error(`Cannot read ${answer}`)),
    );
    await receive(context);
    expect(warnings).toEqual([
      'A redirect of a bank was not taken: something unexpected happened (unexpected)',
    ]);
    expect(response.writeHead).toHaveBeenCalledWith(503, expect.anything());
    expect(response.end).toHaveBeenCalledWith(expect.not.stringContaining('secret-code'));
  });

  it('logs code and advice of a failure of this package, and no part of the answer', async () => {
    const failure = new OpenBankingError('jwt-signature', {
      problem: 'namedKey',
      values: { jwt: 'The ID token in the redirect', wanted: '"bank-1"' },
    });
    const { context, warnings } = contextOf(answer, () => Promise.reject(failure));
    await receive(context);
    expect(warnings).toEqual([
      `A redirect of a bank was not taken: ${failure.message} (jwt-signature). ${failure.description}`,
    ]);
  });

  it('logs three of many forged redirects', async () => {
    const failure = unknownState();
    const { context, warnings } = contextOf(answer, () => Promise.reject(failure));
    for (let count = 0; count < 100; count++) await receive(context);
    expect(warnings).toHaveLength(3);
  });

  it('sends a page in a sandbox that does not share the origin of the editor', async () => {
    const { context, response } = contextOf('', () => Promise.reject(new Error('not used')));
    await receive(context);
    const [, headers] = response.writeHead.mock.calls[0] as [number, Record<string, string>];
    const sandbox = /(?:^|; )sandbox( [^;]*)?(?:;|$)/.exec(headers['Content-Security-Policy']!);
    expect(sandbox?.[1]).toBe(' allow-forms allow-scripts allow-top-navigation-by-user-activation');
  });
});
