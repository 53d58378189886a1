import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

/** The list search of the field "Consent", for the nodes that have it. */
export async function searchConsents(
  this: ILoadOptionsFunctions,
  filter?: string,
  position?: string,
): Promise<INodeListSearchResult> {
  const search = await import('./consentSearch');
  return search.searchConsents(this, filter, position);
}
