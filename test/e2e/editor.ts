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
    await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
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

  /** Presses "Execute workflow", and waits until it has ended well or badly. */
  async execute(): Promise<void> {
    await this.page.locator('[data-test-id="execute-workflow-button"]').click();
    await this.page
      .getByText(/Workflow executed successfully|Problem in node/)
      .first()
      .waitFor({ timeout: 60_000 });
  }

  /** Takes a picture of the whole window, once what n8n says of a run is gone. */
  async picture(path: string): Promise<void> {
    const message = this.page.getByText('Workflow executed successfully');
    await message.first().waitFor({ state: 'detached' });
    await this.page.screenshot({ path });
  }
}

/** What the editor says after the Test button. */
export interface TestResult {
  ok: boolean;
  /** The message behind "More details"; n8n shows none where the test went well. */
  details: string;
}

/** The form of a credential. */
export class CredentialForm {
  constructor(private readonly page: Page) {}

  field(name: string): Locator {
    return this.page.locator(`[data-test-id="parameter-input-${name}"]`);
  }

  /** The labels that are shown, from top to bottom. */
  async labels(): Promise<string[]> {
    const parameters = this.page.locator('[data-test-id="credential-connection-parameter"]');
    const texts = await parameters.allInnerTexts();
    return texts.map((text) => text.split('\n')[0]!.replace(/ \*$/, ''));
  }

  async fillIn(name: string, value: string): Promise<void> {
    await this.field(name).locator('input, textarea').first().fill(value);
  }

  /** Chooses an option of a field by its name. */
  async choose(name: string, option: string): Promise<void> {
    await this.field(name).click();
    await this.page
      .locator('[data-test-id="parameter-input-item"]:visible')
      .filter({ hasText: option })
      .first()
      .click();
  }

  /** Saves, which tests, and reads the result. */
  async test(): Promise<TestResult> {
    const tested = this.page.waitForResponse(/\/rest\/credentials\/test$/);
    await this.page.locator('[data-test-id="credential-save-button"]').click();
    await tested;
    const good = this.page.getByText('Connection tested successfully').locator('visible=true');
    const bad = this.page.getByText('Couldn’t connect with these settings').locator('visible=true');
    await good.or(bad).first().waitFor();
    if (await good.count()) return { ok: true, details: '' };
    const more = this.page.getByText('More details').locator('visible=true');
    if (await more.count()) await more.click();
    const banner = bad.locator('xpath=ancestor::*[contains(., "Retry")][1]/..');
    return { ok: false, details: await banner.first().innerText() };
  }

  async picture(path: string): Promise<void> {
    // What n8n says of having saved comes and goes above the form.
    await this.page.addStyleTag({ content: '.el-notification { visibility: hidden }' });
    await this.page.locator('[data-test-id="editCredential-modal"]').screenshot({ path });
  }
}
