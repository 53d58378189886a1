import type { Browser, Page } from 'playwright-core';
import type { Sandbox } from '../support/bank/sandbox';

/** The last page of the bank, after the customer has logged in and decided. */
export async function decideAsCustomer(
  browser: Browser,
  { ready }: Pick<Sandbox, 'ready'>,
  decision: 'Approve' | 'Deny',
): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${ready.identityUrl}/sandbox/customer-link`);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: decision }).click();
  await page.waitForURL(`${ready.redirectUri}**`);
  return page;
}

/** Copies the address of the bank's last page with its button. */
export async function copyAddress(page: Page): Promise<void> {
  await page.bringToFront();
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Copied.').waitFor();
}
