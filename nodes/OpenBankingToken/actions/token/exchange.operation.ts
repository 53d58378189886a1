import type { OnReceived } from '../../../../core/oauth/grants/sendGrant';
import type { Operation } from '../operation';
import { switchOption, textOption, textParameter } from '../../../parameters';
import { pendingRequestFor, requestOptions, type PendingRequest } from './pendingRequest';
import { withTokenStorage, type ConsentedTokens } from './tokenStorage';

/** Exchange Authorization Code: `grant_type=authorization_code` (RFC 6749 §4.1.3). */
export const exchange: Operation = {
  yieldsUserTokens: true,
  async execute(input) {
    const { client } = input;
    const given = textParameter(input, 'code', 'Authorization Code');
    const options = requestOptions(input);
    const scope = textOption(input, 'scope', 'Scope');
    const acceptAnotherCustomer = switchOption(
      input,
      'acceptAnotherCustomer',
      'Accept Another Customer',
      false,
    );
    let found: Promise<PendingRequest> | undefined;
    const pendingRequest = () =>
      (found ??= (async () => {
        // First: if the bank's metadata is missing, the request and the code stay usable.
        await client.endpoints();
        return pendingRequestFor(input, given, options);
      })());
    const requestTokens = async (onReceived?: OnReceived): Promise<ConsentedTokens> => {
      const request = await pendingRequest();
      const { expected, codeVerifier, redirectUri, consentId, authorizationDetails } = request;
      const response = await client.readRedirect(given, expected);
      await request.take();
      const received = await client.exchange({
        ...expected,
        code: response.code,
        codeVerifier,
        redirectUri,
        scope,
        redirectIdToken: response.idToken,
        authorizationDetails,
        onReceived,
      });
      return {
        ...received,
        consentId,
        remarks: [...request.remarks, ...response.remarks, ...received.remarks],
      };
    };
    return withTokenStorage(input, requestTokens, {
      acceptAnotherCustomer,
      request: pendingRequest,
    });
  },
};
