import type { IWebhookFunctions } from 'n8n-workflow';
import { receive } from '../../nodes/OpenBankingRedirectTrigger/webhook';

let workflows = 0;

/** The context of a webhook, with only the functions that the trigger calls, and the warnings that it logs. */
function contextOf(query: string, getCredentials: () => Promise<never>) {
  const warnings: string[] = [];
  const response = { writeHead: jest.fn().mockReturnThis(), end: jest.fn() };
  const context = {
    getRequestObject: () => ({ method: 'GET', originalUrl: `/webhook/open-banking?${query}` }),
    getResponseObject: () => response,
    getNodeParameter: (_name: string, fallback: unknown) => fallback,
    getMode: () => 'trigger',
    getWorkflow: () => ({ id: `workflow-${++workflows}` }),
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

  it('sends a page in a sandbox that does not share the origin of the editor', async () => {
    const { context, response } = contextOf('', () => Promise.reject(new Error('not used')));
    await receive(context);
    const [, headers] = response.writeHead.mock.calls[0] as [number, Record<string, string>];
    const sandbox = /(?:^|; )sandbox( [^;]*)?(?:;|$)/.exec(headers['Content-Security-Policy']!);
    expect(sandbox?.[1]).toBe(' allow-forms allow-scripts allow-top-navigation-by-user-activation');
  });
});
