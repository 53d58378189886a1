import type {
  ICredentialDataDecryptedObject,
  ICredentialType,
  Icon,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';
import { homepage } from '../package.json';
import {
  assertionFields,
  clientAuthenticationField,
  clientSecretField,
} from './fields/assertionFields';
import { accountApiField, bankFields, financialIdField, refreshAtField } from './fields/bankFields';
import { customSettings, customSettingsSwitch, formNotice } from './fields/customSettings';
import { decryptionFields } from './fields/decryptionFields';
import { idTokenFields } from './fields/idTokenFields';
import { keepingFields } from './fields/keepingFields';
import { keyExchangeFields } from './fields/keyExchangeFields';
import { keyFields } from './fields/keyFields';
import { networkFields } from './fields/networkFields';
import {
  apiHostsField,
  consentFields,
  requestFields,
  requestObjectAudienceField,
} from './fields/requestFields';

/** Open Banking API: the addresses of the bank, the identity of the client, and the authorization of HTTP Request nodes. */
export class OpenBankingApi implements ICredentialType {
  name = 'openBankingApi';

  displayName = 'Open Banking API';

  icon: Icon = { light: 'file:openBankingApi.svg', dark: 'file:openBankingApi.dark.svg' };

  documentationUrl = `${homepage}#credential`;

  /** First the values from the bank's e-mail, then the fields whose defaults mostly fit. */
  properties: INodeProperties[] = [
    formNotice,
    ...bankFields,
    accountApiField(['discovery', 'custom']),
    ...keyFields,
    ...requestFields,
    apiHostsField(['discovery', 'custom']),
    customSettingsSwitch,
    ...customSettings([
      refreshAtField,
      accountApiField(['wso2']),
      apiHostsField(['wso2']),
      financialIdField,
      ...consentFields,
      ...keepingFields,
      clientAuthenticationField,
    ]),
    clientSecretField,
    ...customSettings([
      ...assertionFields,
      ...decryptionFields,
      requestObjectAudienceField,
      ...idTokenFields,
      ...networkFields,
      ...keyExchangeFields,
    ]),
  ];

  /**
   * Called by HTTP Request and every other node that sends requests with this credential.
   *
   * It is a property and not a method: n8n copies credential types with a spread, which drops methods, and the editor offers only types
   * that have `authenticate`.
   */
  authenticate = async (
    credentials: ICredentialDataDecryptedObject,
    requestOptions: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> => {
    const { authenticateRequest } = await import('./authenticateRequest');
    return authenticateRequest(credentials, requestOptions);
  };
}
