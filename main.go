// Command openhours reports how long each store was really online while it should have been open.
package main

import (
	"embed"
	"io/fs"
	"os"

	"openhours/cli"
)

//go:embed sql
var embedded embed.FS

func main() {
	models, err := fs.Sub(embedded, "sql")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	os.Exit(cli.Run(models, os.Args[1:]))
}
