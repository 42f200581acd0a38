package hive

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"
	"testing"
)

// TestValuesAreNeverSQL: whatever a text holds, it goes as digits.
func TestValuesAreNeverSQL(t *testing.T) {
	args := []driver.NamedValue{{Value: "it's ${x} \\ */ -- \n?"}, {Value: int64(-5)}, {Value: true}, {Value: nil}, {Value: ""}}
	got, err := withValues("SELECT ?, 1-?, ?, ?, ?", args)
	want := "SELECT CAST(X'6974277320247b787d205c202a2f202d2d200a3f' AS STRING), 1-(-5), true, NULL, ''"
	if err != nil || got != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	if _, err := withValues("SELECT ?", args); err == nil {
		t.Error("five values for one place were taken")
	}
	if _, err := Literal(1.5); err == nil {
		t.Error("a float was taken: its digits would not be exact")
	}
}

func TestQuote(t *testing.T) {
	if got, want := Quote("file:/a b/it's $x é😀"), `'file:/a b/it\u0027s \u0024x \u00E9\U0001F600'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestStatementError finds Spark's own words in what the server wraps around them.
func TestStatementError(t *testing.T) {
	for text, want := range map[string]string{
		"org.apache.hive.service.cli.HiveSQLException: Error running query: [PATH_NOT_FOUND] org.apache.spark.sql.AnalysisException: " +
			"[PATH_NOT_FOUND] Path does not exist: file:/x. SQLSTATE: 42K03\n\tat a.b.C": "Spark: [PATH_NOT_FOUND] Path does not exist: file:/x.",
		"Error running query: x\n\tat a.b\nCaused by: java.io.IOException: outer\n\tat c\nCaused by: java.io.IOException: disk full\n\tat d": "Spark: java.io.IOException: disk full",
		"plain words": "Spark: plain words",
	} {
		if got := statementError(text).Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	err := Options{Address: "nowhere", Auth: "FOO"}.Validate()
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:10000") || !strings.Contains(err.Error(), "NOSASL, NONE, LDAP") {
		t.Errorf("got %v", err)
	}
	if err := (Options{Address: "h:1", Auth: "LDAP", HTTPPath: "cliservice"}).Validate(); err == nil {
		t.Error("LDAP over HTTP was taken, which gohive does not know")
	}
	if err := (Options{Address: "h:1", Auth: "NOSASL"}).Validate(); err != nil {
		t.Error(err)
	}
	// gohive would panic where Kerberos is not built in
	err = Options{Address: "h:1", Auth: "KERBEROS", Service: "hive"}.Validate()
	if kerberosBuilt != (err == nil) || err != nil && !strings.Contains(err.Error(), "-tags kerberos") {
		t.Errorf("got %v", err)
	}
}

func TestTooOld(t *testing.T) {
	for version, want := range map[string]bool{"3.5.3": true, "4.0.0": false, "4.1.0-SNAPSHOT": false, "10.0": false, "": true, "dev": true} {
		if tooOld(version) != want {
			t.Errorf("Spark %q: too old is %t", version, !want)
		}
	}
}

// TestUnreachable: a server that is not there, and one that speaks another language, are told apart
// from statements that fail.
func TestUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { // closes every connection at once
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	address := listener.Addr().String()
	ping := func() error {
		db := sql.OpenDB(NewConnector(Options{Address: address, Auth: "NOSASL"}, ""))
		defer db.Close()
		return db.PingContext(context.Background())
	}
	var away *UnreachableError
	if err := ping(); !errors.As(err, &away) || !strings.Contains(err.Error(), "authentication") {
		t.Errorf("another language: got %v", err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := ping(); !errors.As(err, &away) || !strings.Contains(err.Error(), "refused") || !strings.Contains(err.Error(), address) {
		t.Errorf("nobody there: got %v", err)
	}
}
