import { randomUUID } from 'node:crypto';
import type { ApiAnswer } from './gatewayAccess';
import type { ErrorCode, RefusalOfApi, Version } from './versions';

/** A refusal by the account API. Each version has a form of its own for it (`OBErrorResponse1`). */
export class ApiError extends Error {
  constructor(private readonly refusal: RefusalOfApi) {
    super(refusal.message);
  }

  answer(version: Version): ApiAnswer {
    return { status: this.refusal.status, body: version.error(this.refusal, randomUUID()) };
  }
}

/** The request is wrong. */
export function badRequest(errorCode: ErrorCode, message: string): ApiError {
  return new ApiError({ status: 400, reason: 'BadRequest', errorCode, message });
}

/** A field or parameter has a value that the bank does not accept. */
export function invalidField(message: string): ApiError {
  return badRequest('UK.OBIE.Field.Invalid', message);
}

/** A header has a value that the bank does not accept. */
export function invalidHeader(message: string): ApiError {
  return badRequest('UK.OBIE.Header.Invalid', message);
}

/** There is no such consent or account, or another one's. */
export function notFound(what: string): ApiError {
  return badRequest('UK.OBIE.Resource.NotFound', `There is no such ${what}`);
}

/** The consent does not permit the request. */
export function forbidden(errorCode: ErrorCode, message: string): ApiError {
  return new ApiError({ status: 403, reason: 'Forbidden', errorCode, message });
}
