package spark

import (
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"
)

func TestProbe(t *testing.T) {
	db := sql.OpenDB(NewConnector(Options{Address: os.Getenv("OPENHOURS_SPARK"), Auth: "NOSASL"}, "probe"))
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	v, _ := Version(conn)
	t.Log(v)
	text, _ := os.ReadFile(os.Getenv("PROBE"))
	for _, q := range strings.Split(string(text), ";\n") {
		if strings.TrimSpace(q) == "" {
			continue
		}
		start := time.Now()
		rows, err := conn.QueryContext(t.Context(), q)
		if err != nil {
			t.Logf("%s\n=> ERROR %v", q, err)
			continue
		}
		cols, _ := rows.Columns()
		n := 0
		for rows.Next() {
			vals := make([]any, len(cols))
			ptr := make([]any, len(cols))
			for i := range vals {
				ptr[i] = &vals[i]
			}
			if err := rows.Scan(ptr...); err != nil {
				t.Log(err)
			}
			if n < 20 {
				t.Log(vals...)
			}
			n++
		}
		t.Logf("%s\n=> %d rows %v err %v in %v", q, n, cols, rows.Err(), time.Since(start))
		rows.Close()
	}
}
