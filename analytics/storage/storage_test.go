package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Repeat("x", 1<<20))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || len(text) != 1<<20 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	fault := errors.New("no more")
	if err := WriteFile(path, func(io.Writer) error { return fault }); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	if err := WriteFile(filepath.Join(path, "inside"), func(io.Writer) error { return nil }); err == nil {
		t.Error("a file in a file")
	}
}

func TestHashFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("abc"))
	if got, err := HashFile(t.Context(), path); err != nil || got.Bytes != 3 || got.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("got %+v, %v", got, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := HashFile(ended, path); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	if _, err := HashFile(t.Context(), path+"x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "b"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	entries, err := ReadDir(t.Context(), dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "b" {
		t.Errorf("got %v, %v", entries, err)
	}
	if err := CheckWritable(dir); err != nil {
		t.Error(err)
	}
	if err := CheckWritable(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there is writable")
	}
	if found, err := RemoveTree(t.Context(), filepath.Join(dir, "none")); found || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
	if err := Remove(filepath.Join(dir, "none")); err != nil {
		t.Error(err)
	}
	for in, want := range map[string]string{"data": "data", "file:///data": "/data", "file:/data": "/data", "s3a://bucket/data": "s3a://bucket/data"} {
		if got := CleanFolder(in); got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
	for in, want := range map[string]string{"data": "data/x", "s3a://bucket/data/": "s3a://bucket/data/x"} {
		if got := Join(in, "x"); got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
	if !IsRemote("s3a://b/x") || IsRemote("/s3a") {
		t.Error("what is remote")
	}
	if !HasSuffixFold("a.CSV", ".csv") || HasSuffixFold("csv", ".csv") || !HasPrefixFold("DAY=1", "day=") || HasPrefixFold("da", "day=") {
		t.Error("suffixes or prefixes in another case")
	}
}
