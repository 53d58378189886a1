import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { HttpResponse } from '../../transport/send';
import { DATED_BACK } from '../jwt/issuedAt';

/** Refusals because of the dates of an assertion. */
const aboutTime = new Set<ErrorCode>(['assertion-time']);

/** Refusals that a wrong clock may cause, although they do not mention time. */
const unexplained = new Set<ErrorCode>([
  'invalid-client',
  'bank-refused',
  'client-credentials-invalid',
]);

/** Clock offset in seconds above which the clock is a likely reason for a refusal that does not mention time. */
const TOO_FAR = 10;

/** Compares the clock of this machine with the `Date` of a bank's answers (RFC 9110 §6.6.1). */
export class ClockComparison {
  /** Seconds by which this machine is ahead: the smallest offset of all answers, because slow answers make it larger. */
  offset?: number;

  /** Takes an answer into account. */
  add({ headers, receivedAt }: HttpResponse): void {
    const date = Date.parse(headers.date ?? '');
    if (Number.isNaN(date)) return;
    // The header has whole seconds. The middle of its second is compared.
    const offset = Math.round((receivedAt.getTime() - date - 500) / 1000);
    if (this.offset === undefined || Math.abs(offset) < Math.abs(this.offset)) this.offset = offset;
  }

  /** The warning `clock-offset`, if the clocks differ by at least the seconds by which assertions are dated back. */
  notices(): OpenBankingError[] {
    const { offset = 0 } = this;
    if (Math.abs(offset) < DATED_BACK) return [];
    const direction = offset > 0 ? 'ahead of' : 'behind';
    return [
      new OpenBankingError('clock-offset', {
        values: { seconds: Math.abs(offset), direction },
        outcome: 'not-sent',
      }),
    ];
  }

  /** The failure, with the clock offset in front of its own advice; `undefined` if the clock does not explain the failure. */
  explains(error: OpenBankingError): OpenBankingError | undefined {
    const [notice] = this.notices();
    const isFar = Math.abs(this.offset ?? 0) > TOO_FAR;
    if (!notice || !(aboutTime.has(error.code) || (isFar && unexplained.has(error.code)))) {
      return undefined;
    }
    return error.with({
      description: `${notice.text} ${error.description}`,
    });
  }
}
