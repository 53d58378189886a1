import { diagnoseSettings } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { customCredential } from '../../support/bank/credential';
import { json, raw, type Answer } from '../../support/bank/scriptedBank';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';

/** A refusal in the format of RFC 6749 §5.2. */
export function refusal(error: string, error_description?: string): Answer {
  return json(400, { error, error_description });
}

/** A bank with given answers, and the diagnosis of a credential for it. */
class DiagnosedBank {
  server!: TlsServer;
  settings!: BankSettings;
  /** By grant type; `metadata` for requests without one. */
  answers: Record<string, Answer> = {};

  async open(): Promise<void> {
    this.server = await startTlsServer({
      handle: (request, response) => {
        const form = new URLSearchParams(request.body);
        const answer = this.answers[form.get('grant_type') ?? 'metadata'] ?? raw(404, '');
        answer(response, request, form);
      },
    });
    this.settings = { ...(await customCredential(this.server.url)), jwksUri: '' };
  }

  diagnose(changes: BankSettings = {}) {
    return diagnoseSettings({ ...this.settings, ...changes });
  }
}

/** Opens a bank before the tests of a file, and closes it after them. Each test begins without answers. */
export function diagnosedBank(): DiagnosedBank {
  const bank = new DiagnosedBank();
  beforeAll(() => bank.open());
  beforeEach(() => {
    bank.answers = {};
    bank.server.requests.length = 0;
  });
  afterAll(() => bank.server?.close());
  return bank;
}
