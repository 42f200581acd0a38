package pipeline

// Codes of the findings that Go makes or that other code branches on. The code of any other finding is the
// name of its file in sql/findings.
const (
	AsOfIsStale          = "as_of_is_stale"
	AsOfInFuture         = "as_of_in_future"
	AsOfStandsAlone      = "as_of_stands_alone"
	NoObservations       = "no_observations"
	RejectedRows         = "rejected_rows"
	FilesWithoutAccepted = "files_without_accepted_row"
	UnreadFiles          = "unread_files"
	UnreadColumns        = "unread_columns"
	ChangedDays          = "changed_days"
	CollectorGaps        = "collector_gaps"
	DoubtfulConvention   = "doubtful_convention"
)

// Levels of findings, the gravest first.
const (
	Doubtful = "doubtful" // accepted rows may mean something else, so that the numbers may be wrong
	Warning  = "warning"
	Info     = "info"
)

// asOfDoubts maps the findings that cast doubt on as_of to the reason, in a few words.
var asOfDoubts = map[string]string{
	AsOfIsStale:     "stale",
	AsOfInFuture:    "in the future",
	AsOfStandsAlone: "set by one store",
}

// assumptions are the findings about what a report assumes for lack of data.
var assumptions = map[string]bool{
	"stores_without_zone":         true,
	"stores_without_hours":        true,
	"stores_with_rejected_hours":  true,
	"stores_without_observations": true,
	"zone_conflicts":              true,
}

// AsOfDoubt returns why the finding makes as_of doubtful, in a few words; "" if it does not.
func (f Finding) AsOfDoubt() string { return asOfDoubts[f.Code] }

// IsDoubtful reports whether the finding makes the numbers doubtful.
func (f Finding) IsDoubtful() bool { return f.Level == Doubtful }

// IsAssumption reports whether the finding is about an assumption made for lack of data.
func (f Finding) IsAssumption() bool { return assumptions[f.Code] }
