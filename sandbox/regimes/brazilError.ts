import type { ApiAnswer } from '../gatewayAccess';

/** A refusal of Open Finance Brasil's APIs (`ResponseError`). */
export class BrazilError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail);
  }

  get answer(): ApiAnswer {
    const { code, detail } = this;
    return {
      status: this.status,
      body: { errors: [{ code, title: code, detail }], meta: meta() },
    };
  }
}

/** The member `meta` of each answer. */
export function meta(): { requestDateTime: string } {
  return { requestDateTime: utc(new Date()) };
}

/** A time as the standard has it: RFC 3339 in UTC, without fractions. */
export function utc(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
