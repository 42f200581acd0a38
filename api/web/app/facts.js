// Generated from the Go packages params, input, pipeline, report and queue, and from docs/definition.md, by `just docs`; do not edit.

// The parameters of a report that asks for nothing.
export const defaults = {
  "interpolation": "nearest",
  "unobserved": "nearest",
  "max_gap": null,
  "fresh_within": "1h",
  "join_gap": "1m",
  "collector_gap": "2h",
  "windows": [
    {
      "name": "last_hour",
      "length": "1h"
    },
    {
      "name": "last_day",
      "length": "1d"
    },
    {
      "name": "last_week",
      "length": "7d"
    }
  ]
};

// The data sets: the beginnings of their file names as a pattern, the usual name, and how several files combine.
export const sets = [
  {
    "name": "status",
    "title": "status polls",
    "prefixes": "store[ _-]status",
    "stem": "store_status"
  },
  {
    "name": "hours",
    "title": "opening hours",
    "prefixes": "menu[ _-]hours|business[ _-]hours",
    "stem": "menu_hours",
    "merge": "a store is open when any of them has it open"
  },
  {
    "name": "zones",
    "title": "time zones",
    "prefixes": "timezones|bq[ _-]results",
    "stem": "timezones",
    "merge": "if a store has two zones, the first in alphabetical order counts"
  },
  {
    "name": "stores",
    "title": "stores",
    "prefixes": "(?:stores)(?![a-z])",
    "stem": "stores",
    "merge": "of two values of one attribute of a store the first in alphabetical order counts"
  },
  {
    "name": "special_hours",
    "title": "special hours",
    "prefixes": "special[ _-]hours|holiday[ _-]hours",
    "stem": "special_hours",
    "merge": "a store is open when any of them has it open, unless one has it closed"
  },
  {
    "name": "closures",
    "title": "planned closures",
    "prefixes": "closures|planned[ _-]closures",
    "stem": "closures",
    "merge": "a store is closed when any of them has it closed"
  },
  {
    "name": "targets",
    "title": "targets",
    "prefixes": "targets",
    "stem": "targets",
    "merge": "of several targets of a store the highest counts"
  }
];

// Endings of input files.
export const suffixes = [
  ".csv",
  ".csv.gz",
  ".csv.zst",
  ".parquet"
];

// What to do about findings that make the numbers doubtful, in this order.
export const mends = [
  {
    "code": "files_without_accepted_row",
    "text": "Compare its header and its rows with those that the set should have, and upload it again.",
    "rejects": true
  },
  {
    "code": "doubtful_convention",
    "text": "Write the whole file in one convention, and upload it again.",
    "rejects": true
  },
  {
    "code": "ids_cut_to_15_digits",
    "text": "Export the ids as text, and upload the file again."
  },
  {
    "code": "ids_in_scientific_notation",
    "text": "Export the ids as text, and upload the file again."
  },
  {
    "code": "sets_hardly_meet",
    "text": "Export every set with the same ids, and upload the files again."
  },
  {
    "code": "rejected_rows",
    "text": "Correct these rows, and upload the file again.",
    "rejects": true
  },
  {
    "code": "unknown_addresses",
    "text": "Correct these ids and values, or add the stores to the stores file."
  },
  {
    "code": "stores_with_rejected_hours",
    "text": "Correct their rows of opening hours, and upload the file again.",
    "share": 0.05,
    "rejects": true
  },
  {
    "code": "stores_without_hours",
    "text": "Upload opening hours (menu_hours.csv) with rows of these stores.",
    "share": 0.05
  },
  {
    "code": "stores_without_zone",
    "text": "Upload time zones (timezones.csv) with rows of these stores.",
    "share": 0.05
  }
];

// Codes of the findings that the page treats in its own way.
export const findingCodes = {
  "asOfInFuture": "as_of_in_future",
  "asOfStandsAlone": "as_of_stands_alone",
  "collectorGaps": "collector_gaps"
};

// What stores can be picked by, in the order of the menu.
export const storeStatuses = [
  {
    "name": "down_and_open",
    "title": "Down now",
    "about": "down and open at as_of"
  },
  {
    "name": "down",
    "title": "Down when last open",
    "about": "no open time lies between the outage and as_of"
  },
  {
    "name": "down_whole",
    "title": "Down throughout",
    "about": "down in all its open time in the window"
  },
  {
    "name": "outage",
    "title": "With an outage",
    "about": "at least one outage in the window"
  },
  {
    "name": "unknown",
    "title": "All unknown",
    "about": "open in the window with nothing known"
  },
  {
    "name": "planned",
    "title": "With a planned closure",
    "about": "a planned closure takes open time of the window away"
  },
  {
    "name": "closed",
    "title": "Never open",
    "about": "not open in the window"
  }
];

// What became of a target, best first.
export const verdicts = [
  "met",
  "likely_met",
  "unknown",
  "likely_missed",
  "missed"
];

// Windows of the calendar that depend on the local date of as_of.
export const relativeWindows = [
  "today",
  "yesterday",
  "this_week",
  "previous_week",
  "this_month",
  "previous_month"
];

// How many characters the name and the note of a report may have.
export const labelLimits = {
  "name": 100,
  "note": 2000
};

// The words beside the numbers, as the glossary of docs/definition.md explains them.
export const glossary = {
  "all unknown": "stores with open time of which nothing is known",
  "bounds": "what the observations alone allow, if the status changes at most once between two of them: time between two equal ones is certain; between two different ones, before the first and after the last, it may be either",
  "covered": "the part of the open time within fresh_within (60 min by default) of an observation of the same session: the lower it is, the more the uptime is a guess",
  "down": "open time with the status inactive; between observations, that of the nearest one, unless the report has another interpolation",
  "likely met": "the uptime reaches the target, but the bounds leave it open",
  "likely missed": "the uptime is below the target, but the bounds leave it open",
  "longest": "the longest outage, as far as it lies in the window",
  "met": "the lower bound reaches the target: certain, whatever happened between the observations",
  "missed": "the upper bound is below the target: certain, whatever happened between the observations",
  "observations": "instants at which the store was observed while it was open",
  "open": "time in which a store should be open by its hours, without planned closures: up + down + unknown",
  "outages": "runs of downtime; closed time neither ends nor lengthens one, time up or unknown ends it",
  "planned": "time in which a store would be open but for planned closures; it is no part of the open time",
  "target": "the part of the open time that a store or a group should be up",
  "unknown": "open time of which no observation gives the status; it counts neither as up nor as down",
  "up": "open time with the status active; between observations, that of the nearest one, unless the report has another interpolation",
  "up at least": "what the observations alone allow, if the status changes at most once between two of them: time between two equal ones is certain; between two different ones, before the first and after the last, it may be either",
  "up at most": "what the observations alone allow, if the status changes at most once between two of them: time between two equal ones is certain; between two different ones, before the first and after the last, it may be either",
  "uptime": "up / (up + down): unknown time does not count. For several stores, of their sums",
  "verdict": "whether a target was met, as far as the observations tell",
  "verdict unknown": "nothing of the open time is known"
};
