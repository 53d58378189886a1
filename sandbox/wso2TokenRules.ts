import type { IncomingMessage } from 'node:http';
import type { RegisteredClient } from './clients';
import type { Form } from './form';
import { connectionOf } from './listener';
import { PATHS } from './provider';
import type { TokenRules } from './tokenEndpoints';
import { refuse, type Refusal } from './wso2Rules';
import { INACTIVE_CODE, inWso2Words } from './wso2Words';

/** WSO2's rules, in WSO2's words. */
export class Wso2TokenRules implements TokenRules {
  readonly spentCode = INACTIVE_CODE;
  readonly words = inWso2Words;

  constructor(
    private readonly clients: RegisteredClient[],
    private readonly identityUrl: string,
  ) {}

  refuse(request: IncomingMessage, form: Form, path: string): Promise<Refusal | undefined> {
    const audiences = [this.identityUrl + PATHS.token];
    if (path === PATHS.par) audiences.push(this.identityUrl + PATHS.par);
    const query = request.url?.split('?')[1] ?? '';
    const { authorization } = request.headers;
    const connection = connectionOf(request);
    return Promise.resolve(
      refuse({ connection, query, form, authorization, audiences }, this.clients),
    );
  }

  /** WSO2 adds nothing. */
  extend(): Promise<void> {
    return Promise.resolve();
  }
}
