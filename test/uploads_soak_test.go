//go:build soak

package test

import (
	"testing"
	"time"
)

// TestManyMutatedUploads sends damaged files of another seed each time; a failure names it.
func TestManyMutatedUploads(t *testing.T) { testMutants(t, 50_000, uint64(time.Now().UnixNano())) }
