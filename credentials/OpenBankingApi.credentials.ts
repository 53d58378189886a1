import type {
  ICredentialDataDecryptedObject,
  ICredentialType,
  Icon,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';
import { homepage } from '../package.json';
import type { OpenBankingError } from '../core/errors/OpenBankingError';
import { AuthenticationError } from './authenticationError';
import { assertionFields } from './fields/assertionFields';
import { bankFields, refreshAtField } from './fields/bankFields';
import { customSettings, customSettingsSwitch, formNotice } from './fields/customSettings';
import { idTokenFields } from './fields/idTokenFields';
import { keepingFields } from './fields/keepingFields';
import { keyFields } from './fields/keyFields';
import { consentFields, requestFields } from './fields/requestFields';
import { timeoutFields } from './fields/timeoutFields';

/** Open Banking API: where the bank is, who we are, and what stock HTTP Request nodes present to it. */
export class OpenBankingApi implements ICredentialType {
  name = 'openBankingApi';

  displayName = 'Open Banking API';

  icon: Icon = { light: 'file:openBankingApi.svg', dark: 'file:openBankingApi.dark.svg' };

  documentationUrl = `${homepage}#credential`;

  /** First what the bank's e-mail says, then what mostly stays as it is. */
  properties: INodeProperties[] = [
    formNotice,
    ...bankFields,
    ...keyFields,
    ...requestFields,
    customSettingsSwitch,
    ...customSettings([
      refreshAtField,
      ...consentFields,
      ...keepingFields,
      ...assertionFields,
      ...idTokenFields,
      ...timeoutFields,
    ]),
  ];

  /**
   * Used by HTTP Request and every other node that sends requests with this credential. A property and not a method: n8n copies
   * credential types with a spread before it hands them to the editor, which drops methods, and the editor offers only types that have it.
   */
  authenticate = async (
    credentials: ICredentialDataDecryptedObject,
    requestOptions: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> => {
    const { authenticateRequest } = await import('./authenticateRequest').catch(rejectOldNode);
    return authenticateRequest(credentials, requestOptions);
  };
}

/** Rejects with an error that n8n shows unchanged if this Node.js cannot load the code. */
function rejectOldNode(error: OpenBankingError): never {
  throw error.code === 'node-too-old' ? new AuthenticationError(error) : error;
}
