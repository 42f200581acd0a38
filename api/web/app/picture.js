// A store's days as a picture: a row for each local day, from midnight to midnight by its own clock.
import { h, hideTip, s, showTip } from './dom.js';
import * as f from './format.js';

const day = 86400e3;
const words = { up: 'up', down: 'down', unknown: 'unknown' };

// daysPicture draws the local days that the week up to `end` touches.
export function daysPicture(x, clock, starts, end, tall) {
  const view = { x, clock, starts, end, wide: 1000, row: tall, gap: 8, left: 0 };
  const last = Math.floor(clock.wall(end - 1) / day),
    first = Math.floor(clock.wall(starts) / day);
  view.pieces = cut(view);
  const rows = [];
  for (let no = first; no <= last; no++) rows.push(no);
  const box = h('div', { class: 'days' });
  box.append(
    h(
      'div',
      { class: 'day axis', 'aria-hidden': 'true' },
      h('span', { class: 'name' }),
      h(
        'div',
        { class: 'hours' },
        [0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) =>
          h('span', { style: { left: `${(hour / 24) * 100}%` } }, String(hour).padStart(2, '0')),
        ),
      ),
    ),
  );
  const all = [];
  for (const no of rows) box.append(dayRow(view, no, all));
  keyboard(box, all);
  return box;
}

// cut takes the open time of the view apart wherever something changes: midnight, the clock, and the
// two readings of a repeated hour.
function cut({ x, clock, starts, end }) {
  const repeats = clock.changes
    .filter((c) => c.after < c.before)
    .map((c) => ({ from: c.at - (c.before - c.after), turn: c.at, to: c.at + (c.before - c.after) }));
  const edges = [starts, ...clock.changes.map((c) => c.at), ...repeats.flatMap((r) => [r.from, r.to])];
  for (let no = Math.floor(clock.wall(starts) / day); no <= Math.floor(clock.wall(end) / day) + 1; no++)
    for (const p of clock.periods) edges.push(no * day - p.offset);
  const parts = [];
  for (const span of x.timeline) {
    const from = Math.max(f.instant(span.starts_at), starts),
      to = Math.min(f.instant(span.ends_at), end);
    if (from >= to) continue;
    const inside = [...new Set(edges.filter((e) => e > from && e < to))].sort((a, b) => a - b);
    const points = [from, ...inside, to];
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i], points[i + 1]];
      const repeat = repeats.find((r) => a >= r.from && a < r.to);
      parts.push({ span, a, b, wall: clock.wall(a), lane: repeat ? (a < repeat.turn ? 'first' : 'second') : null });
    }
  }
  return parts;
}

function dayRow(view, no, all) {
  const { clock, x, wide, row } = view;
  const midnight = no * day;
  const at = (wall) => ((wall - midnight) / day) * wide;
  const inDay = (wall) => wall >= midnight && wall < midnight + day;
  const marks = view.pieces.filter((p) => inDay(p.wall)).map((p) => mark(view, p, at));
  all.push(...marks);
  const svg = s('svg', {
    class: 'dayline',
    viewBox: `0 0 ${wide} ${row}`,
    preserveAspectRatio: 'none',
    role: 'group',
    'aria-label': f.wallDate(midnight),
  });
  svg.append(
    s(
      'defs',
      {},
      s(
        'pattern',
        { id: `hatch-${no}`, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
        s('rect', { width: 6, height: 6, class: 'hatch-ground' }),
        s('rect', { width: 2.5, height: 6, class: 'hatch-line' }),
      ),
    ),
  );
  svg.append(s('rect', { class: 'closed', width: wide, height: row }));
  for (const edge of [view.starts, view.end]) {
    const wall = clock.wall(edge);
    if (!inDay(wall)) continue;
    const outside = edge === view.starts ? [0, at(wall)] : [at(wall), wide];
    svg.append(
      s('rect', { class: 'outside', x: outside[0], width: Math.max(0, outside[1] - outside[0]), height: row }),
    );
  }
  for (let hour = 3; hour < 24; hour += 3)
    svg.append(s('line', { class: 'grid', x1: (hour / 24) * wide, x2: (hour / 24) * wide, y1: 0, y2: row }));
  marks.forEach((m) => {
    if (m.piece.span.status === 'unknown') m.element.style.setProperty('fill', `url(#hatch-${no})`);
  });
  svg.append(...marks.map((m) => m.element));
  svg.append(
    ticks(x.evidence, 'tick', at, inDay, clock, row),
    ticks(x.outside_hours, 'tick quiet', at, inDay, clock, row),
  );
  const changes = clock.changes.filter((c) => inDay(c.at + c.before) || inDay(c.at + c.after));
  for (const c of changes) {
    const from = Math.min(c.before, c.after),
      to = Math.max(c.before, c.after);
    svg.append(
      s('rect', {
        class: c.after > c.before ? 'jump skipped' : 'jump',
        x: at(c.at + from),
        width: Math.max(2, at(c.at + to) - at(c.at + from)),
        height: row,
      }),
    );
  }
  const note = changes
    .map(
      (c) =>
        `the clock goes ${c.after > c.before ? 'forward' : 'back'} from ${f.wallClock(c.at + c.before)} to ${f.wallClock(c.at + c.after)}`,
    )
    .join(', ');
  return h(
    'div',
    { class: 'day' },
    h('span', { class: 'name' }, f.wallDate(midnight), note ? h('span', { class: 'change' }, note) : null),
    svg,
  );
}

function mark(view, piece, at) {
  const { row } = view;
  const { span, lane } = piece;
  const half = lane !== null;
  const element = s('rect', {
    class: `piece ${span.status}${span.certain ? '' : ' open-to-doubt'}`,
    x: at(piece.wall),
    width: Math.max(0.8, ((piece.b - piece.a) / day) * view.wide),
    y: lane === 'second' ? row / 2 + 1 : 0,
    height: half ? row / 2 - 1 : row,
    role: 'img',
    tabindex: -1,
    'aria-label': `${view.clock.time(piece.a)} to ${f.wallClock(view.clock.wall(piece.a) + piece.b - piece.a)}, ${because(view, span, (piece.a + piece.b) / 2)}`,
  });
  const tell = (instant, box) => showTip(tipText(view, piece, instant), box);
  element.addEventListener('pointermove', (e) => {
    const box = element.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (e.clientX - box.left) / Math.max(1, box.width)));
    tell(piece.a + share * (piece.b - piece.a), { left: e.clientX, width: 0, top: box.top, bottom: box.bottom });
  });
  element.addEventListener('pointerleave', hideTip);
  element.addEventListener('focus', () => tell((piece.a + piece.b) / 2, element.getBoundingClientRect()));
  element.addEventListener('blur', hideTip);
  return { element, piece };
}

function ticks(observations, kind, at, inDay, clock, row) {
  const paths = { active: '', inactive: '' };
  for (const o of observations ?? []) {
    const wall = clock.wall(f.instant(o.at));
    if (inDay(wall)) paths[o.status] += `M${at(wall).toFixed(2)} ${kind === 'tick' ? row * 0.62 : row * 0.8}V${row}`;
  }
  return s(
    'g',
    { 'aria-hidden': 'true' },
    s('path', { class: `${kind} active`, d: paths.active }),
    s('path', { class: `${kind} inactive`, d: paths.inactive }),
  );
}

function tipText(view, piece, instant) {
  const { clock } = view;
  const { span } = piece;
  return [
    `${clock.time(instant)} (${f.wallClock(instant)} UTC)`,
    because(view, span, instant),
    `${words[span.status]} for ${f.length(span.seconds)}, ${f.wallClock(clock.wall(f.instant(span.starts_at)), true)} to ${f.wallClock(clock.wall(f.instant(span.ends_at)), true)}`,
    span.certain ? null : 'the observations alone leave it open',
  ]
    .filter(Boolean)
    .join('\n');
}

// because says the rule for one instant, and how far its observation is.
function because(view, span, instant) {
  const { clock, x } = view;
  const governs =
    span.kind === 'run'
      ? governor(x.evidence, instant, x.parameters.interpolation)
      : span.governed_by
        ? (x.evidence.find((o) => o.at === span.governed_by) ?? {
            at: span.governed_by,
            status: span.status === 'up' ? 'active' : 'inactive',
          })
        : null;
  if (!governs) return `${words[span.status]}: ${span.rule}`;
  const at = f.instant(governs.at);
  const where = Math.abs(at - instant) < 500 ? 'just now' : `${f.length(Math.abs(at - instant) / 1000)} away`;
  const sameDay = Math.floor(clock.wall(at) / day) === Math.floor(clock.wall(instant) / day);
  const clockText = sameDay ? f.wallClock(clock.wall(at)) : clock.time(at);
  const which = {
    run: `${x.parameters.interpolation} observation`,
    pair: `${x.parameters.interpolation} observation`,
    head: 'the session’s first observation',
    tail: 'the session’s last observation',
    silence: `no observation in this session; the ${x.parameters.interpolation} one of another`,
  }[span.kind];
  return `${words[span.status]}: ${which} ${clockText} ${governs.status}, ${where}`;
}

// governor is the observation that an instant inside a run takes its status from.
function governor(evidence, instant, interpolation) {
  let before = null,
    after = null;
  for (const o of evidence) {
    if (f.instant(o.at) <= instant) before = o;
    else {
      after = o;
      break;
    }
  }
  if (!before || !after) return before ?? after;
  if (interpolation === 'previous') return before;
  if (interpolation === 'next') return after;
  return instant < (f.instant(before.at) + f.instant(after.at)) / 2 ? before : after;
}

// keyboard makes the picture one stop of the tab key; arrows go from piece to piece, up and down by day.
function keyboard(box, all) {
  if (!all.length) return;
  all[0].element.setAttribute('tabindex', 0);
  const go = (i) => {
    all.forEach((m, k) => m.element.setAttribute('tabindex', k === i ? 0 : -1));
    all[i].element.focus();
  };
  box.addEventListener('keydown', (e) => {
    const i = all.findIndex((m) => m.element === document.activeElement);
    if (i < 0) return;
    const wall = all[i].piece.wall;
    const closest = (target) =>
      all.reduce(
        (best, m, k) => (Math.abs(m.piece.wall - target) < Math.abs(all[best].piece.wall - target) ? k : best),
        0,
      );
    const to = {
      ArrowRight: i + 1,
      ArrowLeft: i - 1,
      ArrowDown: closest(wall + day),
      ArrowUp: closest(wall - day),
      Home: 0,
      End: all.length - 1,
    }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    if (to >= 0 && to < all.length) go(to);
  });
}

export const legend = () =>
  h(
    'p',
    { class: 'legend' },
    [
      ['up', 'up'],
      ['down', 'down'],
      ['unknown', 'unknown'],
      ['closed', 'closed'],
    ].map(([kind, text]) => [h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), ` ${text} `]),
    h('span', { class: 'key doubt', 'aria-hidden': 'true' }),
    ' paler: the observations alone leave it open ',
    h('span', { class: 'key tick-key', 'aria-hidden': 'true' }),
    ' an observation ',
    h('span', { class: 'text-body-secondary' }, '· Tab and arrow keys go through the picture'),
  );
