package input

// LoadedFile is what was read from one file.
type LoadedFile struct {
	File     string `json:"file"`
	Set      string `json:"set"`
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`
	Rows     int64  `json:"rows"` // accepted and rejected
	Rejected int64  `json:"rejected"`
	// Exact reports whether the file was read by the slow reader that finds every fault.
	Exact bool `json:"exact_reading"`
	// OtherConvention is the convention that all rejected rows of the file fit; empty: none.
	OtherConvention string `json:"other_convention,omitempty"`
	// UnreadColumns are columns of special hours, closures and targets that the set does not have: a misspelt one would go unnoticed.
	UnreadColumns []string `json:"unread_columns,omitempty"`
	// Archive is the path, relative to the data folder, of a file whose rows were compacted.
	Archive string `json:"archive,omitempty"`
}
