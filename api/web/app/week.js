// When in the week the fleet is down: a cell for each weekday and hour of local store time.
import { h, hideTip, put, s, showTip } from './dom.js';
import * as f from './format.js';
import { panelHead, sub, toggles } from './parts.js';

const shortDays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const cellCount = 7 * 24;
// pixels of the drawing
const [left, top, bottom] = [46, 4, 18];
const [cellWidth, cellHeight] = [22, 20];

// The colours do not alarm: the scale has a most whether or not that is much.
const kinds = {
  down: { text: 'Down', share: (c) => c.downtime_seconds / c.open_seconds, colour: '--oh-series-1' },
  unknown: { text: 'Unknown', share: (c) => c.unknown_seconds / c.open_seconds, colour: '--oh-unknown-solid' },
  open: { text: 'Open', share: (c, busiest) => c.open_seconds / busiest, colour: '--oh-up' },
};

// weekPicture draws the picture with a choice of what it shows. whose, if given, says in the heading which stores it is about.
// link leads to the stores behind it.
export function weekPicture(box, report, whose, link) {
  const cells = report.week_hours ?? [];
  if (cells.length !== cellCount) {
    const text = 'This report was made by a version without hours of the week. New reports have them.';
    put(box, h('h2', {}, 'When in the week'), h('p', { class: 'text-body-secondary small' }, text));
    return;
  }
  const period = periodOf(report.parameters.windows);
  const options = Object.entries(kinds).map(([name, { text }]) => [name, text]);
  const draw = (kind) => {
    const choose = (name) => {
      draw(name);
      box.querySelector('.active').focus();
    };
    put(
      box,
      panelHead(
        h('h2', {}, 'When in the week', sub(`${whose ? ` ${whose},` : ''} in local store time`)),
        toggles('Measure', options, kind, choose),
      ),
      picture(cells, kind, link, period),
    );
  };
  draw('down');
}

// periodOf is the time that the cells cover: the longest window, or its last 7 days.
function periodOf(windows) {
  const longest = Math.max(...windows.map((w) => f.lengthSeconds(w.length)));
  return f.length(Math.min(7 * 86400, longest)).replace(/^168 h$/, '7 days');
}

function describe(c, kind, busiest, period) {
  const hour = (n) => `${String(n).padStart(2, '0')}:00`;
  const when = `${f.weekdays[c.weekday]} ${hour(c.hour)} to ${hour(c.hour + 1)}`;
  if (!c.open_seconds) {
    const why =
      period === '7 days' ? 'no store is open' : `no open time in the last ${period}, all that the report covers`;
    return `${when}\n${why}`;
  }
  const down = `${f.hours(c.downtime_seconds)} of ${f.hours(c.open_seconds)} open`;
  const lines = [
    when,
    `down ${f.percent(c.downtime_seconds / c.open_seconds)}: ${down}`,
    `unknown ${f.percent(c.unknown_seconds / c.open_seconds)}: ${f.hours(c.unknown_seconds)}`,
  ];
  if (kind === 'open') lines.push(`${f.percent(c.open_seconds / busiest, 0)} of the busiest hour`);
  return lines.join('\n');
}

function picture(cells, kind, link, period) {
  const { share, colour, text } = kinds[kind];
  const busiest = Math.max(...cells.map((c) => c.open_seconds));
  const shares = cells.map((c) => (c.open_seconds ? share(c, busiest) : null));
  const scale = scaleOf(shares, cells, busiest);
  const tips = cells.map((c) => describe(c, kind, busiest, period));
  const marks = cells.map((c, i) => mark(c, i, tips[i], shares[i] === null ? null : scale.place(shares[i]), colour));
  const unit = kind === 'open' ? 'of the busiest hour' : 'of open time';
  return [
    grid(marks, tips, text),
    h(
      'p',
      { class: 'legend' },
      h('span', { class: 'num' }, scale.low),
      h('span', { class: 'ramp', 'aria-hidden': 'true', style: { '--to': `var(${colour})` } }),
      h('span', { class: 'num' }, scale.high),
      ` ${unit}, all stores, last ${period}. The colours run from the least of these hours to the most. `,
      h('a', { href: link }, 'Show the stores'),
    ),
  ];
}

// mark is one cell; intensity is null if no store is open.
function mark(c, i, tip, intensity, colour) {
  const percent = Math.round(6 + 94 * Math.min(1, intensity));
  const fill = `color-mix(in oklab, var(${colour}) ${percent}%, var(--oh-cell))`;
  return s('rect', {
    x: left + c.hour * cellWidth + 1,
    y: top + c.weekday * cellHeight + 1,
    width: cellWidth - 2,
    height: cellHeight - 2,
    rx: 3,
    role: 'gridcell',
    tabindex: i === 0 ? 0 : -1,
    'data-index': i,
    class: intensity === null ? 'cell none' : 'cell',
    'aria-label': tip.replaceAll('\n', ', '),
    style: intensity === null ? null : { fill },
  });
}

// grid is one stop of the Tab key; arrow keys move between its cells.
function grid(marks, tips, text) {
  const focus = (i) => {
    marks.forEach((one, k) => one.setAttribute('tabindex', k === i ? 0 : -1));
    marks[i].focus();
  };
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 };
  const onkeydown = (event) => {
    const i = Number(event.target.dataset.index);
    if (!(event.key in moves) || Number.isNaN(i)) return;
    event.preventDefault();
    const to = i + moves[event.key];
    if (to >= 0 && to < cellCount) focus(to);
  };
  const showCell = (event) => {
    const i = event.target.dataset?.index;
    if (i === undefined) {
      hideTip();
      return;
    }
    showTip(tips[i], event.target.getBoundingClientRect());
    event.stopPropagation();
  };
  return s(
    'svg',
    {
      class: 'week',
      viewBox: `0 0 ${left + 24 * cellWidth} ${top + 7 * cellHeight + bottom}`,
      role: 'grid',
      'aria-label': `${text} by weekday and hour; use the arrow keys`,
      onpointerover: showCell,
      onpointerleave: hideTip,
      onfocusin: showCell,
      onfocusout: hideTip,
      onkeydown,
    },
    shortDays.map((day, i) => dayRow(day, i, marks.slice(i * 24, i * 24 + 24))),
    s('g', { 'aria-hidden': 'true' }, [0, 3, 6, 9, 12, 15, 18, 21].map(hourLabel)),
  );
}

function dayRow(day, i, marks) {
  const y = top + i * cellHeight + cellHeight / 2 + 4;
  return s('g', { role: 'row' }, s('text', { x: left - 6, y, 'text-anchor': 'end', role: 'rowheader' }, day), marks);
}

function hourLabel(hour) {
  const x = left + hour * cellWidth + cellWidth / 2;
  return s('text', { x, y: top + 7 * cellHeight + 13, 'text-anchor': 'middle' }, String(hour));
}

// scaleOf spans the values from the least to the most. Hours in which hardly any store is open do not set its ends: one store
// that is down at night would make all other hours look alike.
function scaleOf(shares, cells, busiest) {
  const counted = shares.filter((one, i) => one !== null && cells[i].open_seconds >= busiest / 100);
  const [least, most] = counted.length ? [Math.min(...counted), Math.max(...counted)] : [0, 0];
  const isBeyond = (test) => shares.some((one) => one !== null && test(one));
  const digits = most - least < 0.1 ? 1 : 0;
  return {
    place: (one) => (most > least ? Math.max(0, Math.min(1, (one - least) / (most - least))) : 0),
    low: `${f.percent(least, digits)}${isBeyond((one) => one < least) ? ' or less' : ''}`,
    high: `${f.percent(most, digits)}${isBeyond((one) => one > most) ? ' or more' : ''}`,
  };
}
