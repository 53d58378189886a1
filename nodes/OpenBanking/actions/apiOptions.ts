import type { ApiOptions } from '../../../core/accounts/accountApi';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { financialIdOf } from '../../../core/profile/accountApi';
import { isAddress } from '../../../core/transport/addresses';
import { MAXIMUM_PAGE, MEBIBYTE } from '../../../core/transport/body';
import { dateText, secondsOption, textOption, type ParameterSource } from '../../parameters';
import { LONGEST_WAIT } from '../fields/readOptions';
import { zonedTime } from './zonedTime';

/** The largest value of "Maximum Page Size", in MiB. */
const LARGEST_PAGE = MAXIMUM_PAGE / MEBIBYTE;

/**
 * The fields under "Options" that are about requests to the account API.
 *
 * @param signal ends the requests
 * @throws OpenBankingError `input-missing`, `field-malformed`
 */
export function apiOptions(source: ParameterSource, signal?: AbortSignal): ApiOptions {
  const options = {
    financialId: financialIdOf(textOption(source, 'financialId', 'Financial ID') ?? ''),
    customerIpAddress: customerIpAddress(source),
    customerLastLoggedAt: customerLastLoggedAt(source),
    maximumWait: maximumWait(source),
    maximumPage: maximumPage(source),
    signal,
  };
  // An option that was not added must not replace a default.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function customerIpAddress(source: ParameterSource): string | undefined {
  const address = textOption(source, 'customerIpAddress', 'Customer IP Address');
  if (address === undefined || isAddress(address)) return address;
  throw new OpenBankingError('field-malformed', {
    problem: 'address',
    values: { field: 'Customer IP Address' },
    description:
      'Give the address from which the customer uses your service, such as 203.0.113.7. If no customer is present, remove the option. Nothing was sent.',
  });
}

function customerLastLoggedAt(source: ParameterSource): Date | undefined {
  const { context, options } = source;
  const label = 'Customer Last Logged In';
  const { customerLastLoggedAt: given } = options;
  const text = dateText(given, label) || textOption(source, 'customerLastLoggedAt', label);
  if (text === undefined) return undefined;
  const time = zonedTime(text, context.getTimezone());
  if (time) return time;
  throw new OpenBankingError('field-malformed', {
    problem: 'date',
    values: { field: label },
    description:
      'Give a day and time, such as 2026-03-31T09:05:00. If no customer is present, remove the option. Nothing was sent.',
  });
}

/** In milliseconds. */
function maximumWait(source: ParameterSource): number | undefined {
  const seconds = secondsOption(source, 'maximumWait', 'Maximum Wait');
  return seconds === undefined ? undefined : Math.min(seconds, LONGEST_WAIT) * 1000;
}

/** In bytes. */
function maximumPage(source: ParameterSource): number | undefined {
  const label = 'Maximum Page Size';
  const { maximumPage: given } = source.options;
  const text = typeof given === 'number' ? given : textOption(source, 'maximumPage', label);
  if (text === undefined) return undefined;
  const size = Number(text);
  if (size >= 1 && size <= LARGEST_PAGE) return Math.floor(size * MEBIBYTE);
  throw new OpenBankingError('field-malformed', {
    problem: 'between',
    values: { field: label, minimum: 1, maximum: LARGEST_PAGE },
    description: 'Give a number of MiB. Nothing was sent.',
  });
}
