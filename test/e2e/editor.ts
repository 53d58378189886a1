import type { Browser, Locator, Page } from 'playwright-core';
import { owner } from '../../demo/n8n/owner';
import type { N8nServer } from '../../demo/n8n/server';

/** n8n's editor in a browser, in the hands of its owner. */
export class Editor {
  private constructor(readonly page: Page) {}

  /** Opens the editor and logs in. */
  static async open(browser: Browser, server: N8nServer, path: string): Promise<Editor> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}${path}`);
    await page.locator('input[type=email]').fill(owner.email);
    await page.locator('input[type=password]').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    return new Editor(page);
  }

  /** A node on the canvas. */
  node(name: string): Locator {
    return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
  }

  /** Opens a node, fills in one of its fields as a person would, and closes it. */
  async fillIn(node: string, field: string, value: string): Promise<void> {
    await this.node(node).dblclick();
    const input = this.page.locator(`[data-test-id="parameter-input-${field}"] input`);
    await input.fill(value);
    await this.page.locator('[data-test-id="ndv-close-button"]').click();
    await input.waitFor({ state: 'detached' });
  }

  /** Presses "Execute workflow", and waits until it has ended well or badly. */
  async execute(): Promise<void> {
    await this.page.locator('[data-test-id="execute-workflow-button"]').click();
    await this.page
      .getByText(/Workflow executed successfully|Problem in node/)
      .first()
      .waitFor({ timeout: 60_000 });
  }
}
