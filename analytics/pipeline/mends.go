package pipeline

// Mend says what to do about a finding that makes the numbers doubtful. Pages show such a finding above them.
type Mend struct {
	Code string `json:"code"`
	Text string `json:"text"`
	// Share of the stores from which the finding is worth a reader's time; 0: any.
	Share float64 `json:"share,omitempty"`
	// Rejects says that rejects.csv has the rows.
	Rejects bool `json:"rejects,omitempty"`
}

// Mends are in the order in which to go about them.
func Mends() []Mend {
	const many = 0.05
	return []Mend{
		{FilesWithoutAccepted, "Compare its header and its rows with those that the set should have, and upload it again.", 0, true},
		{DoubtfulConvention, "Write the whole file in one convention, and upload it again.", 0, true},
		{"ids_cut_to_15_digits", "Export the ids as text, and upload the file again.", 0, false},
		{"ids_in_scientific_notation", "Export the ids as text, and upload the file again.", 0, false},
		{"sets_hardly_meet", "Export every set with the same ids, and upload the files again.", 0, false},
		{RejectedRows, "Correct these rows, and upload the file again.", 0, true},
		{"unknown_addresses", "Correct these ids and values, or add the stores to the stores file.", 0, false},
		{"stores_with_rejected_hours", "Correct their rows of opening hours, and upload the file again.", many, true},
		{"stores_without_hours", "Upload opening hours (menu_hours.csv) with rows of these stores.", many, false},
		{"stores_without_zone", "Upload time zones (timezones.csv) with rows of these stores.", many, false},
	}
}
