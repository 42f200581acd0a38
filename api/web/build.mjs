// Copies the third-party files that the dashboard uses from node_modules to vendor/: style sheets without source maps,
// one chart library, and a sprite of the icons in use.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const from = (...path) => join(here, 'node_modules', ...path);
const to = (name) => join(here, 'vendor', name);

const files = ['bootstrap/dist/css/bootstrap.min.css', 'uplot/dist/uPlot.iife.min.js', 'uplot/dist/uPlot.min.css'];

// Font Awesome's names of the icons in use
const icons = [
  'arrow-down',
  'arrow-up',
  'arrows-rotate',
  'ban',
  'bars',
  'book',
  'chevron-left',
  'chevron-right',
  'circle-check',
  'circle-info',
  'circle-xmark',
  'clock',
  'code-compare',
  'database',
  'download',
  'file-lines',
  'gauge-high',
  'hourglass-half',
  'key',
  'link',
  'magnifying-glass',
  'moon',
  'pen',
  'play',
  'plug-circle-xmark',
  'right-from-bracket',
  'store',
  'sun',
  'thumbtack',
  'trash-can',
  'triangle-exclamation',
  'upload',
  'xmark',
];

function symbol(name) {
  const text = readFileSync(from('@fortawesome/fontawesome-free/svgs/solid', `${name}.svg`), 'utf8');
  const box = text.match(/viewBox="([^"]+)"/)[1];
  const paths = text.match(/<path[^>]*\/?>(?:<\/path>)?/g).join('');
  return `<symbol id="${name}" viewBox="${box}">${paths}</symbol>`;
}

mkdirSync(join(here, 'vendor'), { recursive: true });
for (const file of readdirSync(join(here, 'vendor'))) {
  if (file !== 'README.md') rmSync(to(file));
}
for (const path of files) {
  const name = path.split('/').pop();
  copyFileSync(from(path), to(name));
  // source maps are not served, so browsers must not request them
  const text = readFileSync(to(name), 'utf8').replace(/\n?\/[/*]# sourceMappingURL=.*$/m, '');
  writeFileSync(to(name), text);
}
const licence =
  '<!-- Font Awesome Free by @fontawesome, https://fontawesome.com, CC BY 4.0 https://fontawesome.com/license/free -->';
writeFileSync(
  to('icons.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg">${licence}${icons.map(symbol).join('')}</svg>\n`,
);
console.log(`vendor/: ${readdirSync(join(here, 'vendor')).join(', ')}`);
