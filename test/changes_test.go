package test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// changing are the functions of package os that change a disk. What is answered must outlive a power cut: package
// storage sees to that, and its tests see what it does.
var changing = []string{"Create", "CreateTemp", "Link", "Mkdir", "MkdirAll", "MkdirTemp", "OpenFile", "Remove", "RemoveAll",
	"Rename", "Symlink", "Truncate", "WriteFile"}

// TestOnlyStorageChangesFiles holds every other package of the program to that.
func TestOnlyStorageChangesFiles(t *testing.T) {
	looked := 0
	for _, folder := range []string{"analytics", "api", "cli"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "node_modules" || path == "analytics/storage" || path == "analytics/enginetest"):
				return filepath.SkipDir
			case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			looked++
			files := token.NewFileSet()
			parsed, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if s, is := n.(*ast.SelectorExpr); is {
					if x, is := s.X.(*ast.Ident); is && x.Name == "os" && slices.Contains(changing, s.Sel.Name) {
						t.Errorf("%s calls os.%s: package storage has what makes a change last", files.Position(s.Pos()), s.Sel.Name)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 50 {
		t.Errorf("only %d files were looked at", looked)
	}
}
