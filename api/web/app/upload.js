// Upload: the server checks a file first; it is stored only after the user has seen the result.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import { sets, suffixes } from './facts.js';
import * as f from './format.js';
import { button, callout, failure, sub } from './parts.js';
import { rejectTable } from './rejects.js';
import { recognise } from './sets.js';

const titles = sets.map((set) => set.title);
const kinds = `${titles.slice(0, -1).join(', ')} or ${titles.at(-1)}`;

// patternOf matches the file names of a set.
const patternOf = (set) => new RegExp(`^(?:${set.prefixes}).*(?:${endings})$`, 'i');
const endings = suffixes.map((suffix) => suffix.replaceAll('.', '\\.')).join('|');
const suffixOf = (name) => new RegExp(`(?:${endings})$`, 'i').exec(name)?.[0].toLowerCase();

// uploads is the area to drop files on. maxBytes returns the server's limit; changed is called after a file was stored.
export function uploads(maxBytes, changed) {
  const list = h('div', { 'aria-live': 'polite' });
  const take = (files) => {
    for (const file of files) list.append(upload(file, maxBytes(), changed));
  };
  const onchange = () => {
    take(input.files);
    input.value = '';
  };
  const input = h('input', { type: 'file', multiple: true, class: 'visually-hidden', id: 'files', onchange });
  return [input, dropZone(take), list];
}

function dropZone(take) {
  const zone = h(
    'label',
    { class: 'drop', for: 'files' },
    icon('upload'),
    h('span', {}, h('strong', {}, 'Drop files here'), ' or ', h('span', { class: 'link' }, 'choose files')),
    sub(
      `CSV (also .gz, .zst) or Parquet files of ${kinds}. ` +
        'Each file is checked first; nothing changes until you confirm.',
    ),
  );
  let depth = 0; // dragenter and dragleave fire for children as well
  const enter = (by) => {
    depth = Math.max(0, depth + by);
    zone.classList.toggle('over', depth > 0);
  };
  zone.addEventListener('dragenter', (event) => {
    event.preventDefault();
    enter(1);
  });
  zone.addEventListener('dragover', (event) => event.preventDefault());
  zone.addEventListener('dragleave', () => enter(-1));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    enter(-depth);
    take(event.dataTransfer.files);
  });
  return zone;
}

const outline = (onclick, text) => button('outline-secondary', onclick, text);
const outlinePrimary = (onclick, text, props) => button('outline-primary', onclick, text, props);
const buttons = (...content) => h('div', { class: 'd-flex flex-wrap gap-2' }, content);
const strong = (text) => h('strong', {}, text);
const problem = (text) => h('p', { class: 'text-danger' }, text);

// isAhead reports whether an instant lies in the future: clocks differ a little.
export const isAhead = (text) => Boolean(text) && f.instant(text) - Date.now() > 5 * 60_000;

export const monthFirst = 'Dates such as 3/11/2024 are read with the month first; 2024-11-03 is read in one way only.';

// upload is the box of one file, from its check to its storage.
function upload(file, maxBytes, changed) {
  const box = h('div', { class: 'upload' });
  const close = (text) => outline(() => box.remove(), text);
  const title = (set, name) => {
    const details = [f.bytes(file.size), set?.title, name && name !== file.name ? `as ${name}` : null];
    return h(
      'p',
      { class: 'mb-1' },
      h('strong', { class: 'text-break' }, file.name),
      sub(` ${details.filter(Boolean).join(', ')}`),
    );
  };

  const known = sets.find((set) => patternOf(set).test(file.name));
  if (maxBytes && file.size > maxBytes) {
    put(
      box,
      title(),
      problem(`The file is larger than this server’s limit of ${f.bytes(maxBytes)}.`),
      close('Dismiss'),
    );
  } else if (known) check(known, file.name);
  else chooseSet();
  return box;

  // chooseSet asks for the data set of a file whose name does not show it, and proposes the one with its columns.
  async function chooseSet() {
    const ending = suffixOf(file.name);
    if (!ending) {
      put(
        box,
        title(),
        problem(`The name must end in ${suffixes.slice(0, -1).join(', ')} or ${suffixes.at(-1)}.`),
        close('Dismiss'),
      );
      return;
    }
    const likely = await recognise(file).catch(() => null);
    const stem = file.name.slice(0, -ending.length).replace(/[^A-Za-z0-9._-]+/g, '_');
    const choice = (set) => {
      const name = `${set.stem}_${stem}${ending}`;
      const style = set.name === likely ? 'primary' : 'outline-primary';
      const tip = { 'data-tip': `would be stored as ${name}` };
      return button(style, () => check(set, name), `Check as ${set.title}`, tip);
    };
    const proposed = sets.find((set) => set.name === likely);
    const ordered = proposed ? [proposed, ...sets.filter((set) => set !== proposed)] : sets;
    const question = proposed
      ? `The name does not match a data set, but the columns are those of ${proposed.title}.`
      : 'The name does not match a data set. What does the file contain?';
    put(box, title(), h('p', {}, question), buttons(ordered.map(choice), close('Discard')));
  }

  async function send(set, name, options, activity) {
    const bar = h('div', { class: 'progress-bar' });
    const stop = new AbortController();
    const cancel = () => {
      stop.abort();
      box.remove();
    };
    put(
      box,
      title(set, name),
      h('p', { class: 'sub mb-1' }, activity),
      h('div', { class: 'progress', role: 'progressbar', 'aria-label': activity }, bar),
      options.dryRun &&
        h('button', { type: 'button', class: 'btn btn-sm btn-outline-secondary mt-2', onclick: cancel }, 'Cancel'),
    );
    const progress = (share) => bar.style.setProperty('width', `${Math.round(share * 100)}%`);
    return api.upload(set.name, name, file, { ...options, signal: stop.signal }, progress);
  }

  async function check(set, name) {
    try {
      const found = await send(set, name, { dryRun: true, mostRejects: 1_000_000_000 }, 'Checking …');
      const { rowsBefore, others } = await neighbours(set, name, found);
      const hasFarFewer = rowsBefore !== null && found.rows < rowsBefore / 2;
      const isSuspect =
        found.doubt || found.rejected > 0 || found.rows === 0 || hasFarFewer || isAhead(found.last_observation);
      const colour = found.doubt ? 'outline-secondary' : isSuspect ? 'warning' : 'primary';
      const place = button(colour, () => store(set, name, found.rejected), [
        icon('circle-check'),
        found.replaced ? ' Replace the existing file' : ' Store file',
        found.doubt ? ' anyway' : '',
        found.rejected ? ` without the ${f.plural(found.rejected, 'bad row')}` : '',
      ]);
      const sameKind = others.filter((other) => set.merge && suffixOf(other.file) === suffixOf(name));
      const replaceOther = sameKind.map((other) =>
        outlinePrimary(() => check(set, other.file), `Check as replacement of ${other.file}`),
      );
      put(
        box,
        title(set, name),
        checkResult(found, rowsBefore, isSuspect),
        coverage(found),
        found.doubt && callout('mb-2', 'triangle-exclamation', strong('Doubtful: '), `${found.doubt}.`),
        set.merge && others.length > 0 && mergeNotice(set, others),
        found.rejected > 0 &&
          h('details', { open: true }, h('summary', {}, 'First rejected rows'), rejectTable(found.first_rejects ?? [])),
        found.doubt
          ? buttons(
              button('primary', () => box.remove(), 'Discard and correct the file first'),
              place,
            )
          : buttons(place, replaceOther, close('Discard')),
      );
      if (!isSuspect) place.focus({ preventScroll: true });
    } catch (error) {
      refused(set, name, error);
    }
  }

  async function store(set, name, rejected) {
    try {
      const stored = await send(set, name, { mostRejects: rejected }, 'Storing …');
      const done = stored.replaced ? 'Replaced' : 'Stored';
      const text = ` ${done}: ${f.plural(stored.rows, 'row')}. The next report uses it.`;
      put(
        box,
        title(set, name),
        h('p', { class: 'mb-1' }, icon('circle-check'), text),
        stored.first_observation && h('p', { class: 'mb-1' }, datesOf(stored), '.'),
        close('Dismiss'),
      );
      await changed();
    } catch (error) {
      refused(set, name, error);
    }
  }

  function refused(set, name, error) {
    if (error.name === 'AbortError') return;
    put(
      box,
      title(set, name),
      failure(error),
      error.rejects?.length > 0 && rejectTable(error.rejects),
      h(
        'div',
        { class: 'd-flex gap-2' },
        error.status ? null : outlinePrimary(() => check(set, name), 'Retry'),
        close('Dismiss'),
      ),
    );
  }
}

function checkResult(found, rowsBefore, isSuspect) {
  const rejected = found.rejected ? `${f.count(found.rejected)} of them rejected` : 'all valid';
  const rows =
    found.rows === 0 ? ' The file has a header but no rows.' : ` ${f.plural(found.rows, 'row')}, ${rejected}.`;
  const before = rowsBefore === null ? '' : [', which has ', strong(f.plural(rowsBefore, 'row'))];
  return h(
    'p',
    { class: 'mb-2' },
    icon(isSuspect ? 'triangle-exclamation' : 'circle-check'),
    rows,
    ' Nothing has changed yet.',
    found.replaced ? [' It would replace the existing file of this name', before, '.'] : '',
  );
}

// datesOf writes which time a status file covers.
function datesOf({ first_observation: first, last_observation: last }) {
  const dates = first === last ? strong(f.utc(first)) : [strong(f.utc(first)), ' to ', strong(f.utc(last))];
  return ['Its observations are from ', dates];
}

// coverage has these dates checked: where all days are at most 12, nothing else shows that they stand first.
function coverage(found) {
  if (!found.first_observation) return null;
  if (!isAhead(found.last_observation)) return h('p', { class: 'mb-2' }, datesOf(found), '. Check that this is right.');
  return callout('mb-2', 'triangle-exclamation', ...datesOf(found), ', which is in the future. ', monthFirst);
}

function mergeNotice(set, others) {
  const names = others.map((other) => other.file).join(', ');
  const verb = others.length === 1 ? 'exists' : 'exist';
  const text = `${names} already ${verb}. All files of ${set.title} are read together: ${set.merge}.`;
  return callout('mb-2', 'triangle-exclamation', text);
}

// neighbours returns the row count of the file that would be replaced, if it is known, and the other files of the set.
// A much smaller file, or a second one, is usually a mistake.
async function neighbours(set, name, found) {
  const [{ files }, data] = await Promise.all([
    api.dataFiles(),
    found.replaced ? api.dataCheck().catch(() => null) : null,
  ]);
  return {
    rowsBefore: data?.inputs?.find((file) => file.file === name)?.rows ?? null,
    others: files.filter((file) => file.set === set.name && file.file !== name),
  };
}
