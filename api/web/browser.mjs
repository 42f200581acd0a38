// Starts the built program and Chromium, for tests and screenshots.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = join(root, 'openhours');

// generate writes sample input: generate(folder, '--stores', '500')
export const generate = (folder, ...args) => execFileSync(program, ['generate', '--data', folder, ...args]);

// serve starts a server on a folder and waits until it listens. Pass listen to reuse the address of an earlier server.
export async function serve(folder, { listen = '127.0.0.1:0', args = [] } = {}) {
  const running = spawn(
    program,
    ['serve', '--data', join(folder, 'data'), '--reports', join(folder, 'reports'), '--listen', listen, ...args],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise((done) => {
    running.on('exit', done);
  });
  let log = '';
  const base = await new Promise((ready, failed) => {
    running.on('error', failed);
    running.on('exit', () => failed(new Error(`the server exited: ${log}`)));
    running.stderr.on('data', (part) => {
      log += part;
      const found = /url=(http:\S+)/.exec(log);
      if (found) ready(found[1]);
    });
  });
  const ask = async (path, options) => (await fetch(base + path, options)).json();
  // submit requests a report and returns its id.
  const submit = async (parameters = {}) => {
    const headers = { 'Content-Type': 'application/json' };
    const accepted = await ask('/api/v1/reports', { method: 'POST', headers, body: JSON.stringify(parameters) });
    return accepted.report_id;
  };
  // report requests a report, waits until it is complete and returns its id.
  const report = async (parameters) => {
    const id = await submit(parameters);
    for (;;) {
      const { state, error } = await ask(`/api/v1/reports/${id}`);
      if (state === 'complete') return id;
      if (state === 'failed') throw new Error(error);
      await new Promise((done) => {
        setTimeout(done, 100);
      });
    }
  };
  return {
    base,
    address: new URL(base).host,
    ask,
    submit,
    report,
    kill: (signal = 'SIGKILL') => {
      running.kill(signal);
      return ended;
    },
  };
}

export function launch() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = process.env.PATH.split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(existsSync);
  if (!found) throw new Error(`no ${names.join(', ')} in PATH: install one with .ci/tools browser`);
  return chromium.launch({
    executablePath: found,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
