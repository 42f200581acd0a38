// A store's days as a picture: one row per local day, from midnight to midnight.
import { h, hideTip, s, showTip } from './dom.js';
import * as f from './format.js';
import { kinds, shutSpans, specialDay, whyShut } from './hours.js';
import { reason, tipText } from './reasons.js';

const day = 86400e3; // milliseconds
const width = 1000; // of the view box, which is stretched to the width of the page

// daysPicture draws the local days that the time from start to end touches.
export function daysPicture(timeline, clock, start, end, rowHeight) {
  const shut = shutSpans(timeline, clock, start, end);
  const view = { timeline, clock, start, end, rowHeight, shut };
  const pieces = cut(view);
  const first = Math.floor(clock.wall(start) / day);
  const last = Math.floor(clock.wall(end - 1) / day);
  const box = h('div', { class: 'days' }, hourAxis());
  const marks = [];
  for (let no = first; no <= last; no++) box.append(dayRow(view, no, pieces, marks));
  handleKeys(box, marks);
  return box;
}

function hourAxis() {
  const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) =>
    h('span', { style: { left: `${(hour / 24) * 100}%` } }, String(hour).padStart(2, '0')),
  );
  return h(
    'div',
    { class: 'day axis', 'aria-hidden': 'true' },
    h('span', { class: 'name' }),
    h('div', { class: 'hours' }, hours),
  );
}

// cut splits the open time, and that which is closed for a reason of its own, at midnight, at clock changes, and at both passes of a repeated hour. A piece of a repeated
// hour has a lane.
function cut({ timeline, shut, clock, start, end }) {
  const repeats = clock.changes
    .filter((c) => c.after < c.before)
    .map((c) => ({ from: c.at - (c.before - c.after), turn: c.at, to: c.at + (c.before - c.after) }));
  const edges = [start, ...clock.changes.map((c) => c.at), ...repeats.flatMap((r) => [r.from, r.to])];
  for (let no = Math.floor(clock.wall(start) / day); no <= Math.floor(clock.wall(end) / day) + 1; no++) {
    for (const p of clock.periods) edges.push(no * day - p.offset);
  }
  const pieces = [];
  const inOrder = (a, b) => f.instant(a.starts_at) - f.instant(b.starts_at);
  for (const span of [...timeline.timeline, ...shut].sort(inOrder)) {
    const from = Math.max(f.instant(span.starts_at), start);
    const to = Math.min(f.instant(span.ends_at), end);
    if (from >= to) continue;
    const inside = [...new Set(edges.filter((e) => e > from && e < to))].sort((a, b) => a - b);
    const points = [from, ...inside, to];
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i], points[i + 1]];
      const repeat = repeats.find((r) => a >= r.from && a < r.to);
      const lane = repeat ? (a < repeat.turn ? 'first' : 'second') : null;
      pieces.push({ span, a, b, wall: clock.wall(a), lane });
    }
  }
  return pieces;
}

// dayRow draws one day and appends its marks to all.
function dayRow(view, no, pieces, all) {
  const { clock, timeline, rowHeight } = view;
  const midnight = no * day;
  const date = f.wallDate(midnight);
  const special = specialDay(timeline, no);
  const scale = {
    x: (wall) => ((wall - midnight) / day) * width,
    has: (wall) => wall >= midnight && wall < midnight + day,
  };
  const marks = pieces.filter((piece) => scale.has(piece.wall)).map((piece) => mark(view, piece, scale, no));
  all.push(...marks);
  const changes = clock.changes.filter((c) => scale.has(c.at + c.before) || scale.has(c.at + c.after));
  const svg = s(
    'svg',
    {
      class: 'dayline',
      viewBox: `0 0 ${width} ${rowHeight}`,
      preserveAspectRatio: 'none',
      role: 'group',
      'aria-label': date,
    },
    patterns(no),
    s('rect', { class: 'closed', width, height: rowHeight, 'data-tip': special && `${special.text}\n${special.tip}` }),
    outside(view, scale),
    gridLines(rowHeight),
    marks.map((one) => one.element),
    ticks(timeline.evidence, 'tick', view, scale),
    ticks(timeline.outside_hours, 'tick quiet', view, scale),
    changes.map((c) => clockChange(c, scale, rowHeight)),
  );
  const note = changes.map(changeText).join(', ');
  return h(
    'div',
    { class: 'day' },
    h(
      'span',
      { class: 'name' },
      date,
      note ? h('span', { class: 'change' }, note) : null,
      special &&
        h(
          'span',
          { class: 'special', 'data-tip': special.tip },
          special.text,
          h('span', { class: 'visually-hidden' }, ` (${special.tip})`),
        ),
    ),
    svg,
  );
}

// patterns are those of unknown time and of what closes a store, which differ by more than their colour.
const patterns = (no) =>
  s(
    'defs',
    {},
    pattern(`unknown-${no}`, 'rotate(45)', 6, 2.5),
    pattern(`planned-${no}`, null, 12, 5),
    pattern(`early-${no}`, 'rotate(90)', 6, 1),
    pattern(`gone-${no}`, 'rotate(90)', 6, 1),
  );

const pattern = (id, turn, width, line) =>
  s(
    'pattern',
    { id, class: id.split('-')[0], width, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: turn },
    s('rect', { width, height: 6, class: 'pattern-ground' }),
    s('rect', { width: line, height: 6, class: 'pattern-line' }),
  );

// outside covers the part of the first and the last day that the picture does not show.
function outside({ clock, start, end, rowHeight }, scale) {
  const cover = (from, to) =>
    s('rect', { class: 'outside', x: from, width: Math.max(0, to - from), height: rowHeight });
  const [first, last] = [clock.wall(start), clock.wall(end)];
  return [scale.has(first) ? cover(0, scale.x(first)) : null, scale.has(last) ? cover(scale.x(last), width) : null];
}

function gridLines(rowHeight) {
  const line = (hour) => {
    const x = (hour / 24) * width;
    return s('line', { class: 'grid', x1: x, x2: x, y1: 0, y2: rowHeight });
  };
  return [3, 6, 9, 12, 15, 18, 21].map(line);
}

function clockChange(c, scale, rowHeight) {
  const from = scale.x(c.at + Math.min(c.before, c.after));
  const to = scale.x(c.at + Math.max(c.before, c.after));
  const kind = c.after > c.before ? 'jump skipped' : 'jump';
  return s('rect', { class: kind, x: from, width: Math.max(2, to - from), height: rowHeight });
}

function changeText(c) {
  const direction = c.after > c.before ? 'forward' : 'back';
  return `the clock goes ${direction} from ${f.wallClock(c.at + c.before)} to ${f.wallClock(c.at + c.after)}`;
}

// mark draws a piece of time, with a tooltip that follows the pointer.
function mark(view, piece, scale, no) {
  const { clock, rowHeight } = view;
  const { span, lane, a, b } = piece;
  const middle = (a + b) / 2;
  const period = `${clock.time(a)} to ${f.wallClock(clock.wall(a) + b - a)}`;
  const element = s('rect', {
    class: `piece ${span.status}${span.certain ? '' : ' open-to-doubt'}`,
    x: scale.x(piece.wall),
    width: Math.max(0.8, ((b - a) / day) * width),
    y: lane === 'second' ? rowHeight / 2 + 1 : 0,
    height: lane ? rowHeight / 2 - 1 : rowHeight,
    role: 'img',
    tabindex: -1,
    'aria-label': `${period}, ${span.status in kinds ? whyShut(view, span) : reason(view, span, middle)}`,
    style: span.status === 'unknown' || span.status in kinds ? { fill: `url(#${span.status}-${no})` } : null,
  });
  const show = (instant, box) => showTip(tipText(view, span, instant), box);
  element.addEventListener('pointermove', (event) => {
    const box = element.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
    show(a + share * (b - a), { left: event.clientX, width: 0, top: box.top, bottom: box.bottom });
  });
  element.addEventListener('pointerleave', hideTip);
  element.addEventListener('focus', () => show(middle, element.getBoundingClientRect()));
  element.addEventListener('blur', hideTip);
  return { element, piece };
}

function ticks(observations, kind, { clock, rowHeight }, scale) {
  const paths = { active: '', inactive: '' };
  const top = kind === 'tick' ? rowHeight * 0.62 : rowHeight * 0.8;
  for (const o of observations ?? []) {
    const wall = clock.wall(f.instant(o.at));
    if (scale.has(wall)) paths[o.status] += `M${scale.x(wall).toFixed(2)} ${top}V${rowHeight}`;
  }
  return s(
    'g',
    { 'aria-hidden': 'true' },
    s('path', { class: `${kind} active`, d: paths.active }),
    s('path', { class: `${kind} inactive`, d: paths.inactive }),
  );
}

// handleKeys makes the picture one stop of the Tab key. Left and right move between pieces, up and down between days.
function handleKeys(box, marks) {
  if (!marks.length) return;
  marks[0].element.setAttribute('tabindex', 0);
  const focus = (i) => {
    marks.forEach((one, k) => one.element.setAttribute('tabindex', k === i ? 0 : -1));
    marks[i].element.focus();
  };
  const closest = (wall) => {
    const distances = marks.map((one) => Math.abs(one.piece.wall - wall));
    return distances.indexOf(Math.min(...distances));
  };
  box.addEventListener('keydown', (event) => {
    const i = marks.findIndex((one) => one.element === document.activeElement);
    if (i < 0) return;
    const { wall } = marks[i].piece;
    const target = {
      ArrowRight: i + 1,
      ArrowLeft: i - 1,
      ArrowDown: closest(wall + day),
      ArrowUp: closest(wall - day),
      Home: 0,
      End: marks.length - 1,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    if (target >= 0 && target < marks.length) focus(target);
  });
}

// legend names what is in every picture, and of the reasons to be closed those that this one has.
export function legend(timeline, clock, start, end) {
  const shut = new Set(shutSpans(timeline, clock, start, end).map((span) => span.status));
  const key = (kind, text) => [h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), ` ${text} `];
  return h(
    'p',
    { class: 'legend' },
    ['up', 'down', 'unknown', 'closed'].map((status) => key(status, status)),
    [...shut].map((status) => key(status, kinds[status])),
    key('doubt', 'paler: not certain from the observations alone'),
    key('tick-key', 'an observation'),
    h('span', { class: 'text-body-secondary' }, '· Use Tab and the arrow keys to move through the picture'),
  );
}
