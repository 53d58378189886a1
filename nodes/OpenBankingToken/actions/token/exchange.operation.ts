import { readAuthorizationResponse } from '../../../../core/oauth/authorization/authorizationResponse';
import { endpointsOf } from '../../../../core/oauth/bank/discovery';
import { exchangeCode } from '../../../../core/oauth/grants/grants';
import type { Operation } from '../operation';
import { textOptions, textParameter } from '../parameters';
import { pendingRequestFor } from './pendingRequest';
import { withTokenStorage } from './tokenStorage';

/** Exchange Authorization Code: `grant_type=authorization_code` (RFC 6749 §4.1.3). */
export const exchange: Operation = {
  yieldsUserTokens: true,
  async execute(input) {
    const { profile } = input;
    const given = textParameter(input, 'code');
    return withTokenStorage(input, async (onReceived) => {
      const endpoints = await endpointsOf(profile);
      const request = await pendingRequestFor(input, given);
      const { expected, codeVerifier, redirectUri } = request;
      const response = await readAuthorizationResponse(given, profile, endpoints, expected);
      await request.take();
      const received = await exchangeCode(profile, {
        ...expected,
        code: response.code,
        codeVerifier,
        redirectUri,
        scope: textOptions(input).scope,
        redirectIdToken: response.idToken,
        onReceived,
      });
      return {
        ...received,
        consentId: expected.consentId,
        remarks: [...request.remarks, ...received.remarks],
      };
    });
  },
};
