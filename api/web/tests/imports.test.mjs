// The modules of the page import one another in one direction only. No browser needed.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'app');
const modules = readdirSync(folder).filter((name) => name.endsWith('.js'));
const importPattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)'\.\/([^']+)'/g; // static, for side effects, and dynamic

const importsOf = (source) => [...source.matchAll(importPattern)].map((found) => found[1]);

// findCycle returns the names along a cycle, or null.
function findCycle(graph) {
  const finished = new Set();
  const visit = (name, path) => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (finished.has(name)) return null;
    for (const next of graph.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    finished.add(name);
    return null;
  };
  for (const name of graph.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return null;
}

test('a cycle is found, however it is imported', () => {
  const sources = { a: `import { x } from './b';`, b: `const load = () => import('./c');`, c: `import './d';`, d: '' };
  const graph = new Map(Object.entries(sources).map(([name, source]) => [name, importsOf(source)]));
  assert.equal(findCycle(graph), null);
  graph.set('d', importsOf(`export { x } from\n  './b';`));
  assert.deepEqual(findCycle(graph), ['b', 'c', 'd', 'b']);
});

test('modules import files that exist, and none imports itself by way of others', () => {
  const graph = new Map(modules.map((name) => [name, importsOf(readFileSync(join(folder, name), 'utf8'))]));
  assert.ok(graph.get('main.js').length > 5, 'the imports of main.js are read');
  for (const [name, imports] of graph) {
    for (const imported of imports) assert.ok(graph.has(imported), `${name} imports ${imported}, which does not exist`);
  }
  assert.equal(findCycle(graph)?.join(' imports ') ?? null, null);
});
