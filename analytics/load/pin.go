package load

import (
	"fmt"
	"os"

	"openhours/analytics/engine"
)

// pin opens a file and returns a path that leads to what was opened, even after the file was replaced or removed.
// Where the system has no such paths it returns the path itself, and a file of nil.
func pin(path string) (pinned string, file *os.File, err error) {
	if file, err = os.Open(path); err != nil {
		return "", nil, err
	}
	pinned = fmt.Sprintf("%s%d", engine.Descriptors, file.Fd())
	if _, err := os.Stat(pinned); err != nil {
		return path, nil, file.Close()
	}
	return pinned, file, nil
}
