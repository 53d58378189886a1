import type { ApiAnswer } from './gatewayAccess';

/** The next refusals of requests for account data. */
export interface RefusalPlan {
  /** Number of requests that are refused. */
  count: number;
  /** 429 if the bank limits requests, 503 if it is closed. */
  status: number;
  /** Value of `Retry-After`: seconds, or an HTTP date; no such header if not given. */
  retryAfter?: string;
}

/** Refuses requests for account data, as a bank does that limits them. */
export class Refusals {
  private plan: RefusalPlan = { count: 0, status: 429 };
  private requests = 0;

  /** @param every how many requests one is refused, for a second; 0 for none */
  constructor(private readonly every: number) {}

  /** Refuses the next requests. The count of requests begins again. */
  set(plan: RefusalPlan): void {
    this.plan = { ...plan };
    this.requests = 0;
  }

  /** The refusal of a request that has just arrived; `undefined` if it is answered. */
  next(): ApiAnswer | undefined {
    this.requests += 1;
    if (this.plan.count > 0) {
      this.plan.count -= 1;
      return refusal(this.plan.status, this.plan.retryAfter);
    }
    return this.every > 0 && this.requests % this.every === 0 ? refusal(429, '1') : undefined;
  }
}

/** In the standard, these statuses have no body. */
function refusal(status: number, retryAfter: string | undefined): ApiAnswer {
  return { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } };
}

/** Reads a plan that a test has sent. @returns `undefined` if it is none */
export function readRefusalPlan(text: string): RefusalPlan | undefined {
  let plan: Partial<RefusalPlan> | null;
  try {
    plan = JSON.parse(text) as typeof plan;
  } catch {
    return undefined;
  }
  const { count, status = 429, retryAfter } = plan ?? {};
  const isPlan =
    Number.isInteger(count) &&
    (status === 429 || status === 503) &&
    (retryAfter === undefined || typeof retryAfter === 'string');
  return isPlan ? { count: count!, status, retryAfter } : undefined;
}
