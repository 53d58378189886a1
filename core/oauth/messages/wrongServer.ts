import type { ProblemOf } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Endpoint } from '../../profile/endpoints';

/**
 * Turns a refusal into `wrong-server` if it shows that the wrong server answered.
 * People swap the two hosts of WSO2, and gateways from WSO2 API Manager 4.0 on have no token endpoint.
 *
 * @returns any other error unchanged
 */
export function explainedByServer(error: OpenBankingError, { server }: Endpoint): OpenBankingError {
  if (server === 'identityServer' && isOfGateway(error)) {
    return wrongServer(error, 'gatewayAtHost');
  }
  if (server === 'apiGateway' && error.status === 404) {
    return isOfGateway(error)
      ? wrongServer(
          error,
          'noTokenEndpoint',
          'Gateways from WSO2 API Manager 4.0 on have none: set "Refresh At" in the credential to "Identity Server".',
        )
      : wrongServer(error, 'noGateway');
  }
  return error;
}

/** Whether the error shows an API gateway that does not know the path or that requires a token. An identity server sends neither. */
function isOfGateway({ code, status }: OpenBankingError): boolean {
  if (code === 'gateway-refused') return status === 404;
  return code === 'gateway-no-resource' || code === 'gateway-token-missing';
}

function wrongServer(
  { sentence: answer, status, outcome }: OpenBankingError,
  problem: ProblemOf<'wrong-server'>,
  advice?: string,
): OpenBankingError {
  const error = new OpenBankingError('wrong-server', { problem, status, outcome });
  return error.with({ description: `${answer} ${advice ?? error.description}` });
}
