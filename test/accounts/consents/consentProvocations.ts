import type { apiErrors } from '../../../core/errors/rows/apiErrors';
import type { Provocations } from '../../errors/provocation';
import { failureOf } from '../../support/failure';
import { json, type Answer } from '../answeringBank';
import { consentBank, PERMISSIONS } from './consentBank';

const refusal = (status: number, ErrorCode: string) =>
  json(status, { Code: `${status}`, Errors: [{ ErrorCode, Message: 'Refused' }] });

const silent: Answer = (response) => void response.destroy();

const creating = (answer: Answer) => async () =>
  failureOf((await consentBank([answer])).api.create({ permissions: PERMISSIONS }));

const getting = (answer: Answer) => async () =>
  failureOf((await consentBank([answer])).api.get('c-9'));

const ending = (answer: Answer) => async () =>
  failureOf((await consentBank([answer])).api.delete('c-9'));

/** Failures of consents. */
export const consentProvocations: Provocations<
  Pick<typeof apiErrors, 'bank-consent-unknown' | 'consent-refused' | 'consent-outcome-unknown'>
> = {
  'bank-consent-unknown': {
    'a code': getting(refusal(400, 'UK.OBIE.Resource.NotFound')),
    'status 404': ending(json(404)),
  },
  'consent-refused': {
    create: creating(refusal(400, 'UK.OBIE.Field.Invalid')),
    get: getting(refusal(403, 'U008')),
    end: ending(refusal(400, 'UK.OBIE.Field.Invalid')),
  },
  'consent-outcome-unknown': {
    'no answer to a creation': creating(silent),
    'status 503 to a creation': creating(json(503)),
    'no answer to an end': ending(silent),
  },
};
