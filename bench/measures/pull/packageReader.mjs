/** This package, from the credential's fields to the rows. */
import { built, packageSettings } from '../library/package.mjs';

export async function prepare({ accountApiUrl, accessToken, ...order }) {
  const { clientOf } = built('core/oauth/client');
  const { AccountApi } = built('core/accounts/accountApi');
  const { GivenAccess } = built('core/accounts/access');
  const { pullTransactions } = built('core/accounts/pull');
  const { Remarks } = built('core/lib/remarks');
  const settings = { ...packageSettings(order), accountApiUrl };
  return async (account, simplify) => {
    const { profile } = await clientOf(settings);
    const api = new AccountApi(profile, new GivenAccess(accessToken));
    const request = { api, origin: {}, simplify, remarks: new Remarks() };
    const { rows, failure } = await pullTransactions(request, account, { status: 'all' });
    if (failure) throw failure;
    return rows;
  };
}
