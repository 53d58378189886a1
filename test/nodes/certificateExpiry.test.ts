import { outputOf } from '../support/n8n/nodeExecution';
import { json, startScriptedBank, TOKENS, type Run } from '../support/bank/scriptedBank';
import type { CertificateOptions } from '../support/keys/certificates';

const DAY = 24 * 60 * 60 * 1000;

/** The output and the hints of the node, with a client certificate of these dates. */
async function runWith(dates: CertificateOptions, operation: Run['operation']) {
  const bank = await startScriptedBank(dates);
  try {
    bank.answerWith(json(200, TOKENS));
    const task = await bank.run({ operation });
    return {
      json: outputOf(task)[0]!.json,
      hints: task.hints?.map(({ message }) => message) ?? [],
    };
  } finally {
    await bank.close();
  }
}

describe.each(['exchange', 'refresh', 'application'] as const)('%s', (operation) => {
  it('reports a certificate that expires within 30 days, in a field and in a hint', async () => {
    const output = await runWith({ until: 20 }, operation);
    expect(output.json).toMatchObject({
      access_token: 'at-1',
      authorization: 'Bearer at-1',
      certificate_expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    });
    const left = Date.parse(output.json.certificate_expires_at as string) - Date.now();
    expect(Math.round(left / DAY)).toBe(20);
    expect(output.hints).toEqual([
      expect.stringMatching(/^"Transport Certificate" expires on \d{4}-\d\d-\d\d\. Ask for a new/),
    ]);
  });

  it('reports nothing if the certificate expires later', async () => {
    const output = await runWith({ until: 40 }, operation);
    expect(output.json).not.toHaveProperty('certificate_expires_at');
    expect(output.hints).toEqual([]);
  });
});
