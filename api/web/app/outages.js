// The outages of a store, with what the data knows of their causes.
import * as api from './api.js';
import { causeNote, gapNote, hasCauses, pollNote } from './cause.js';
import { h } from './dom.js';
import * as f from './format.js';
import { lengthOf } from './measures.js';
import * as parts from './parts.js';
import { sub } from './parts.js';
import { cell, cellOf, numberCell, numeric, row, scrolling, shownFrom, table } from './tables.js';

// cutBy returns a function that reports whether an outage may have begun before the earliest window: no open time since its
// start precedes it.
function cutBy(timeline) {
  const begins = f.instant(timeline.starts_at);
  return (outage) =>
    !timeline.timeline.some(
      (t) => f.instant(t.ends_at) > begins && f.instant(t.starts_at) < f.instant(outage.started_at),
    );
}

export function outageTable(list, clock, timeline, report) {
  const isCut = cutBy(timeline);
  const hasNotes = hasCauses(timeline);
  if (!list.length) return h('p', { class: 'text-body-secondary' }, 'None in the longest window.');
  const at = (text) =>
    h(
      'time',
      { datetime: text.replace(' ', 'T'), class: 'num', 'data-tip': text },
      clock.time(f.instant(text)),
      sub(` (${f.wallClock(f.instant(text))} UTC)`),
    );
  const lines = list.toReversed().map((outage) => {
    const notes = () => notesOf(timeline, outage, clock, report);
    return row(
      // a phone has no room for a fourth column
      cell(at(outage.started_at), isCut(outage) && cutBadge(), hasNotes && h('div', { class: 'd-sm-none' }, notes())),
      cell(at(outage.ended_at), outage.ongoing && h('span', { class: 'badge text-bg-danger ms-1' }, 'ongoing')),
      numberCell(lengthOf(outage.open_seconds)),
      hasNotes && cellOf(shownFrom('sm'), notes()),
    );
  });
  const headings = ['From', 'To', numeric('Open time'), hasNotes && { text: 'On record', class: shownFrom('sm') }];
  return scrolling('Outages', table(headings.filter(Boolean), lines));
}

// notesOf is what the data says of the cause of an outage, and the polls that its ends lie between.
function notesOf(timeline, outage, clock, report) {
  const causes = [causeNote(timeline, outage) ?? 'no cause', gapNote(report, timeline, outage)];
  return [
    h('div', {}, causes.filter(Boolean).join('; ')),
    h('div', { class: 'sub' }, `polls: ${pollNote(timeline, outage, clock)}`),
  ];
}

export function outagesCSV(report, store) {
  const url = api.fileURL(report.report_id, 'outages.csv', { store_id: store.store_id, excel: true });
  return parts.csvLink(url, 'The outages of this store in the report, in UTC');
}

function cutBadge() {
  const tip = 'The longest window of the report begins here.\nThe report does not cover earlier time.';
  return h('span', { class: 'badge text-bg-secondary ms-1', 'data-tip': tip }, 'or earlier');
}
