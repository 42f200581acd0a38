// Errors that a formatter does not find: unused names, undefined names, accidental reassignment.
const browser = [
  'document',
  'location',
  'history',
  'window',
  'getComputedStyle',
  'matchMedia',
  'prompt',
  'scrollTo',
  'navigator',
];
const shared = [
  'addEventListener',
  'dispatchEvent',
  'console',
  'fetch',
  'localStorage',
  'sessionStorage',
  'globalThis',
];
const classes = [
  'AbortController',
  'Blob',
  'BroadcastChannel',
  'CustomEvent',
  'DOMException',
  'DataTransfer',
  'Element',
  'Event',
  'EventTarget',
  'File',
  'MutationObserver',
  'NodeFilter',
  'requestAnimationFrame',
  'ResizeObserver',
];
const more = ['URL', 'URLSearchParams', 'XMLHttpRequest', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'];
const globals = (...lists) => Object.fromEntries(lists.flat().map((name) => [name, 'readonly']));

const rules = {
  'no-undef': 'error',
  'no-unused-vars': ['error', { args: 'after-used', caughtErrors: 'all' }],
  'no-useless-assignment': 'error',
  'no-unreachable': 'error',
  'no-dupe-keys': 'error',
  'no-duplicate-imports': 'error',
  'no-import-assign': 'error',
  'no-const-assign': 'error',
  'no-self-compare': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
};

export default [
  { ignores: ['vendor/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, rules },
  { files: ['app/*.js'], languageOptions: { globals: globals(browser, shared, classes, more) } },
  {
    files: ['*.{js,mjs}', 'tests/*.mjs'], // code inside page.evaluate runs in the browser
    languageOptions: { globals: globals(browser, shared, classes, more, ['process', 'Buffer']) },
  },
];
