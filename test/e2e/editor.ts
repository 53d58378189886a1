import type { Browser, Locator, Page } from 'playwright-core';
import { owner } from '../../demo/n8n/owner';
import type { N8nServer } from '../../demo/n8n/server';
import { CredentialForm } from './editor/credentialForm';
import { NodePanel } from './editor/nodePanel';

export type { CredentialForm } from './editor/credentialForm';
export type { NodePanel } from './editor/nodePanel';

/** n8n's editor in a browser, with the owner logged in. */
export class Editor {
  private constructor(readonly page: Page) {}

  /** Opens the editor and logs in. */
  static async open(browser: Browser, server: N8nServer, path: string): Promise<Editor> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}${path}`);
    await page.locator('input[type=email]').fill(owner.email);
    await page.locator('input[type=password]').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
    return new Editor(page);
  }

  /** A node on the canvas. */
  node(name: string): Locator {
    return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
  }

  /** Opens an empty canvas. */
  async newWorkflow(server: N8nServer): Promise<void> {
    await this.page.goto(`${server.url}/workflow/new`);
    await this.page.locator('[data-test-id="canvas-add-button"]').waitFor();
  }

  /**
   * Adds a node with the nodes panel, after the last one, and leaves its panel open.
   *
   * @param search the text that is typed into the panel
   * @param name of the node in the panel
   * @param action one of the node's actions, if it has several
   */
  async addNode(search: string, name: string, action?: string): Promise<NodePanel> {
    await this.closePanel();
    const first = this.page.locator('[data-test-id="canvas-add-button"]');
    if (await first.count()) {
      await first.click();
    } else {
      await this.showAll();
      await this.page.locator('[data-test-id="canvas-handle-plus"]').last().click();
    }
    await this.page.locator('[data-test-id="node-creator-search-bar"]').waitFor();
    await this.page.keyboard.type(search);
    await this.creatorItem(name).click();
    if (action) await this.creatorItem(action).click();
    return new NodePanel(this.page);
  }

  /** Closes the panel of a node, if one is open. */
  private async closePanel(): Promise<void> {
    const close = this.page.locator('[data-test-id="ndv-close-button"]');
    if (await close.count()) await new NodePanel(this.page).close();
  }

  /** Brings all nodes into the window. */
  async showAll(): Promise<void> {
    await this.page.locator('[data-test-id="zoom-to-fit"]').click();
  }

  /** An item of the nodes panel. */
  creatorItem(name: string): Locator {
    return this.page
      .locator('[data-test-id="node-creator-item-name"]')
      .getByText(name, { exact: true });
  }

  /** Opens a node of the canvas. */
  async openNode(name: string): Promise<NodePanel> {
    await this.closePanel();
    await this.node(name).dblclick();
    const panel = new NodePanel(this.page);
    await panel.isOpen();
    return panel;
  }

  /** Opens the form for a new credential of the type Open Banking API. */
  async newCredential(server: N8nServer): Promise<CredentialForm> {
    await this.page.goto(`${server.url}/home/credentials/create`);
    const type = this.page.locator('[data-test-id="new-credential-type-select"] input');
    await type.fill('Open Banking API');
    await this.page
      .locator('[data-test-id="new-credential-type-select-option"]')
      .filter({ hasText: 'Open Banking API' })
      .first()
      .click();
    await this.page.locator('[data-test-id="new-credential-type-button"]').click();
    const form = new CredentialForm(this.page);
    await form.field('clientId').waitFor();
    return form;
  }

  /** Presses "Execute workflow", and waits until the execution has ended. */
  async execute(): Promise<void> {
    await this.closePanel();
    await this.page.locator('[data-test-id="execute-workflow-button"]').click();
    await this.page
      .getByText(/Workflow executed successfully|Problem in node/)
      .first()
      .waitFor({ timeout: 60_000 });
  }

  /** Takes a picture of the whole window after n8n's messages about a run have disappeared. */
  async picture(path: string): Promise<void> {
    const message = this.page.getByText('Workflow executed successfully');
    await message.first().waitFor({ state: 'detached' });
    await this.showAll();
    await this.page.screenshot({ path });
  }
}
