const { TestEnvironment } = require('jest-environment-node');

/**
 * The environment of a test file. It ends the threads that the file has started: each open SQLite store has one for as long as its process
 * lives, and a process of jest runs many files.
 */
module.exports = class extends TestEnvironment {
  #threads = new Set();
  #remember = (thread) => {
    this.#threads.add(thread);
    thread.once('exit', () => this.#threads.delete(thread));
  };

  async setup() {
    await super.setup();
    process.on('worker', this.#remember);
  }

  async teardown() {
    process.removeListener('worker', this.#remember);
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
    await super.teardown();
  }
};
