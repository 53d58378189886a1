import type {
  ICredentialDataDecryptedObject,
  ICredentialType,
  Icon,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';
import { authenticateRequest } from './authenticateRequest';
import { assertionFields } from './fields/assertionFields';
import { bankFields } from './fields/bankFields';
import { idTokenFields } from './fields/idTokenFields';
import { keepingFields } from './fields/keepingFields';
import { keyFields } from './fields/keyFields';
import { requestFields } from './fields/requestFields';
import { timeoutFields } from './fields/timeoutFields';

/** Open Banking API: where the bank is, who we are, and how stock HTTP Request nodes are authorised. */
export class OpenBankingApi implements ICredentialType {
  name = 'openBankingApi';

  displayName = 'Open Banking API';

  icon: Icon = { light: 'file:openBankingApi.svg', dark: 'file:openBankingApi.dark.svg' };

  documentationUrl = 'https://ob.docs.wso2.com/en/latest/learn/user-access-token/';

  /** In the order in which a bank's onboarding document tells it; what mostly stays as it is comes last. */
  properties: INodeProperties[] = [
    ...bankFields,
    ...keyFields,
    ...requestFields,
    ...keepingFields,
    ...assertionFields,
    ...idTokenFields,
    ...timeoutFields,
  ];

  /**
   * Used by HTTP Request and every other node that sends requests with this credential. A property and not a method: n8n copies
   * credential types with a spread before it hands them to the editor, which drops methods, and the editor offers only types that have it.
   */
  authenticate = async (
    credentials: ICredentialDataDecryptedObject,
    requestOptions: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> => authenticateRequest(credentials, requestOptions);
}
